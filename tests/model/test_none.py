"""Nobody is asked where no model is chosen."""

import pytest

from runner.errors import Fault
from runner.model.none import Nobody
from tests.given import prompts, study


def test_a_role_that_nothing_asks_needs_no_model() -> None:
    assert study("model@teacher=none", "method=passage").taught_by is None


def test_a_method_that_asks_it_is_refused_with_what_to_choose() -> None:
    with pytest.raises(Fault, match=r"model@teacher=none: .* model@teacher=openai; or .* method=passage"):
        study("model@teacher=none", "method=fact").teacher.check()
    with pytest.raises(Fault, match="asks the teacher"):
        list(Nobody().ask(prompts("Who?")))
