"""The teacher is asked for as many labels as a fact or a section lacks."""

import json

from runner.data.records import Material, Prompt
from runner.method.relabelling import WHOLE, FailedUnit, Missed, Relabelling
from tests.given import Scripted, label, said, section

CUP = section("Ada won the cup in Oslo on 3 May.")
MATERIAL = Material(sections=(CUP,), questions=(), purpose="Know it.")
REQUESTS = Relabelling(
    template="{text}|{fact}|{missed}|{earlier}|{pairs}|{purpose}", pairs=5, tokens=9, longest=30, again=0, add=2
)


def failed(fact: str = "", *wrong: str) -> FailedUnit:
    """A unit of which one question was missed."""
    missed = Missed(question="Who won?", answer="Ada", wrong=wrong, right=0.0, failed=True)
    return FailedUnit(section=CUP, fact=fact, method="fact", category="cup", missed=(missed,), earlier=(label("Who?"),))


def asking(unit: FailedUnit, *taken: str) -> tuple[list[str], tuple[str, ...]]:
    """The requests for a unit, and the questions of its labels."""

    def reply(prompt: Prompt) -> str:
        number = len(teacher.asked)
        return json.dumps([{"question": f"Who won on day {number}{letter}?", "answer": "Ada"} for letter in "abcde"])

    teacher = Scripted(reply)
    labelling = REQUESTS.label([unit], MATERIAL, teacher, taken, 3)
    assert {each.round for each in labelling.labels} == {3}
    return list(map(said, teacher.asked)), tuple(each.question for each in labelling.labels)


def test_a_fact_gets_as_many_labels_as_are_added_in_one_request():
    asked, labels = asking(failed("Ada won.", "Eve", "Ida"))
    answers = "- Question: Who won?\n  Answers of the student: Eve; Ida\n  Answer of the document: Ada"
    assert asked == [f"{CUP.text}|Ada won.|{answers}|- Who?|2|Know it."]
    assert labels == ("Who won on day 1a?", "Who won on day 1b?")


def test_a_section_gets_labels_with_so_many_times_its_tokens():
    asked, labels = asking(failed())
    assert [text.split("|")[1] for text in asked] == [WHOLE] * len(asked)
    assert "(no answer)" in asked[0]
    assert 5 <= len(labels) <= 10


def test_a_question_that_is_taken_is_asked_no_second_time():
    _, labels = asking(failed("Ada won.", "Eve"), "who won on day 1a?")
    assert "Who won on day 1a?" not in labels
    assert len(labels) >= 2
