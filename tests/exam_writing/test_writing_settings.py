"""A prompt without a place that it needs is refused."""

import pytest
from pydantic import ValidationError

from tests.exam_writing.given import written


@pytest.mark.parametrize("prompt", ["facts_prompt", "filter_prompt", "questions_prompt", "check_prompt"])
def test_a_prompt_without_its_places_is_named(prompt: str) -> None:
    with pytest.raises(ValidationError, match=rf"{prompt}\n.* expected a prompt with a place for "):
        written(**{prompt: "say something"})


def test_a_request_asks_for_the_spare_questions_too() -> None:
    assert written(questions=3, spare=2).settings.asked == 5
