"""Types of the settings that several choices have."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _with_places(prompt: str) -> str:
    if missing := [place for place in ("{passage}", "{question}") if place not in prompt]:
        raise ValueError(f"expected a prompt with a place for {', '.join(missing)}")
    return prompt


PassagePrompt = Annotated[str, AfterValidator(_with_places)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
