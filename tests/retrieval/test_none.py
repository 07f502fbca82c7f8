"""Without retrieval a student gets no passages."""

from runner.retrieval.none import NoRetrieval
from tests.given import section


def test_no_passage_is_found_for_any_question():
    assert NoRetrieval().find(["Who won?", "Who lost?"], [section()]) == [(), ()]
