"""Types of the settings that several choices have."""

from typing import Annotated

from pydantic import Field

from runner.data.templates import with_places

PassagePrompt = Annotated[str, with_places("passage", "question")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
