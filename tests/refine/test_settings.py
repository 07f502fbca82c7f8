"""A prompt with a passage has a place for it."""

import pytest
from pydantic import TypeAdapter, ValidationError

from runner.refine.settings import PassagePrompt


def test_a_prompt_without_its_places_is_refused():
    assert TypeAdapter(PassagePrompt).validate_python("{question} {passage}") == "{question} {passage}"
    with pytest.raises(ValidationError, match=r"a place for \{passage\}"):
        TypeAdapter(PassagePrompt).validate_python("{question}")
