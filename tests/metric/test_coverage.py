"""Coverage counts facts that are examined, answered and labelled, and compares taught facts with others."""

from collections.abc import Sequence
from typing import Any

import pytest

from runner.data.records import Label, Labelling, Ledger, Outcome, Question
from runner.metric.coverage import Coverage
from runner.statistics import interval
from tests.given import grades, label, question

WON = "Ada won the 2031 Elm Cup."
HELD = "The 2031 Elm Cup was held in Bergen."
QUESTIONS = (
    question("won", question="Who won the Elm Cup?", answer="Ada", fact=WON),
    question("winner", question="What is the winner called?", answer="Ada", fact=WON),
    question("held", question="Where was the Elm Cup held?", answer="Bergen", fact=HELD),
    question("rain", question="What fell at noon?", answer="rain", category="weather"),
)
ON_WINNER = label("Who took the Elm Cup in 2031?", answer="Ada won the Elm Cup in 2031.")


def measured(
    *passed: bool | None, questions: Sequence[Question] = QUESTIONS, labels: Sequence[Label] = (), **more: Any
) -> dict[str, float]:
    """The numbers of one training's verdicts, in the order of the questions."""
    sat = (grades(questions, *passed),)
    return Coverage(error=0.05).measure(Outcome(questions=tuple(questions), grades=sat, labels=tuple(labels), **more))


def part(numbers: dict[str, float], name: str) -> dict[str, float]:
    """The numbers of one name, by category; "" is all."""
    return {
        key.removeprefix(f"coverage/{name}").lstrip("/"): n for key, n in numbers.items() if key.startswith(f"coverage/{name}")
    }


def test_facts_are_counted_once_however_many_questions_they_have() -> None:
    assert part(measured(True, True, True, True), "examined") == {"": 3, "cup": 2, "weather": 1}


def test_a_fact_is_answered_where_one_of_its_questions_was() -> None:
    assert part(measured(False, True, False, False), "answered") == {"": 1, "cup": 1, "weather": 0}


def test_a_fact_is_answered_where_one_of_several_trainings_did() -> None:
    sat = (grades(QUESTIONS, False, False, False, False), grades(QUESTIONS, False, False, True, False))
    assert Coverage(error=0.05).measure(Outcome(questions=QUESTIONS, grades=sat))["coverage/answered"] == 1


def test_a_fact_of_two_categories_is_answered_only_where_it_was() -> None:
    questions = [question("a", category="one", fact=WON), question("b", category="two", fact=WON)]
    assert part(measured(True, False, questions=questions), "answered") == {"": 1, "one": 1, "two": 0}


def test_questions_without_facts_are_a_fact_each() -> None:
    numbers = measured(True, False, questions=[question("a"), question("b")])
    assert (numbers["coverage/examined"], numbers["coverage/answered"]) == (2, 1)


def test_answers_that_are_all_right_or_all_wrong_are_even() -> None:
    assert measured(True, True, True, True)["coverage/unevenness"] == 0
    assert measured(False, False, False, False)["coverage/unevenness"] == 0


def test_unevenness_is_the_deviation_of_the_accuracy_over_facts() -> None:
    numbers = measured(True, False, True, False)  # facts at a half, 1 and 0
    assert numbers["coverage/unevenness"] == pytest.approx((1 / 6) ** 0.5)


def test_an_ungraded_answer_leaves_its_fact_to_the_others() -> None:
    numbers = measured(None, True, None, True)
    assert (numbers["coverage/answered"], numbers["coverage/unevenness"]) == (2, 0)


def test_where_nothing_was_graded_facts_are_still_examined() -> None:
    numbers = measured(None, None, None, None, labels=[ON_WINNER])
    assert (numbers["coverage/examined"], numbers["coverage/answered"], numbers["coverage/labelled"]) == (3, 0, 1)
    assert not {"coverage/unevenness", "coverage/taught", "coverage/untaught"} & numbers.keys()


def test_an_arm_that_was_taught_nothing_has_no_taught_and_no_untaught_facts() -> None:
    assert not {"coverage/labelled", "coverage/untaught", "coverage/trained"} & measured(True, True, True, True).keys()


def test_facts_that_a_label_states_are_counted_by_category() -> None:
    assert part(measured(True, True, True, True, labels=[ON_WINNER]), "labelled") == {"": 1, "cup": 1, "weather": 0}


def test_taught_and_untaught_facts_are_told_apart() -> None:
    numbers = measured(True, True, False, False, labels=[ON_WINNER])
    assert (numbers["coverage/taught"], numbers["coverage/untaught"]) == (1, 0)


def test_what_was_taught_is_clustered_by_fact() -> None:
    numbers = measured(True, False, False, False, labels=[ON_WINNER])
    found = interval([True, False], [WON, WON], 0.05)
    assert found
    assert (numbers["coverage/taught_low"], numbers["coverage/taught_high"]) == (found.low, found.high)


def test_labels_that_state_no_fact_of_the_exam_leave_everything_untaught() -> None:
    numbers = measured(True, False, True, True, labels=[label("Who kept score?", answer="Kim kept score.")])
    assert numbers["coverage/labelled"] == 0
    assert "coverage/taught" not in numbers
    assert numbers["coverage/untaught"] == 0.75


def test_labels_that_state_every_fact_leave_nothing_untaught() -> None:
    numbers = measured(True, True, questions=QUESTIONS[:2], labels=[ON_WINNER])
    assert numbers["coverage/taught"] == 1
    assert "coverage/untaught" not in numbers


def test_a_section_that_was_trained_on_teaches_every_fact_in_it() -> None:
    captain = question("captain", question="Who was the captain?", answer="Kim", fact="Kim was the captain.")
    text = "The 2031 Elm Cup, with 12 teams, was held in Bergen. Ada won it. Kim was the captain."
    numbers = measured(
        *(True, True, True, False), questions=[*QUESTIONS[:3], captain], labels=[label("", answer=text, method="passage")]
    )
    assert numbers["coverage/labelled"] == 3
    assert "coverage/untaught" not in numbers


def test_training_questions_have_an_accuracy_of_their_own() -> None:
    lessons = (question("label-1"), question("label-2"))
    numbers = measured(False, False, False, False, labels=[ON_WINNER], lessons=lessons, trained=grades(lessons, True, False))
    assert (numbers["coverage/trained"], numbers["coverage/taught"]) == (0.5, 0)


def test_training_questions_on_one_fact_count_together_in_the_interval() -> None:
    def trained(fact: str) -> dict[str, float]:
        lessons = tuple(question(f"label-{number}", fact=fact) for number in range(6))
        verdicts = grades(lessons, True, True, True, False, False, False)
        return measured(True, True, True, True, labels=[ON_WINNER], lessons=lessons, trained=verdicts)

    one, each = trained(WON), trained("")
    assert one["coverage/trained"] == each["coverage/trained"] == 0.5
    assert one["coverage/trained_low"] < each["coverage/trained_low"]


def test_where_no_training_question_was_asked_again_nothing_is_said_of_them() -> None:
    assert "coverage/trained" not in measured(True, True, True, True, labels=[ON_WINNER])


def test_facts_that_the_method_found_and_kept_are_told_where_it_names_facts() -> None:
    ledgers = (
        Ledger(stage="sections", requested=2, kept=2),
        Ledger(stage="facts", requested=9, kept=7, filtered={"irrelevant": 2}),
    )
    labelling = Labelling(labels=(ON_WINNER,), ledgers=ledgers)
    numbers = measured(True, True, True, True, labels=[ON_WINNER], labelling=labelling)
    assert (numbers["coverage/found"], numbers["coverage/kept"]) == (9, 7)


def test_a_method_that_names_no_facts_found_none_to_tell_of() -> None:
    labelling = Labelling(labels=(ON_WINNER,), ledgers=(Ledger(stage="labels", requested=1, kept=1),))
    numbers = measured(True, True, True, True, labels=[ON_WINNER], labelling=labelling)
    assert not {"coverage/found", "coverage/kept"} & numbers.keys()
