"""The notes under a table: each stands where it should, and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from runner.comparison import Arm, Comparison
from runner.comparison.agreement import Agreement
from runner.comparison.compare import compare
from runner.comparison.notes import notes
from tests.comparison.given import baseline, empty, interval, items, pair, retention, trained, tuned, untrained

BASE = baseline("base", 0.1)
TUNED = replace(tuned("fact", "5x", 0.5), retention=retention(floor=0.0))  # trained three times, and nothing is wrong with it


def made(*arms: Arm) -> Comparison:
    return replace(empty(), arms=arms, questions=12, items=items(arms), grader="match")


def sentences(*arms: Arm) -> list[str]:
    return notes(made(*arms))


def test_where_nothing_limits_the_numbers_nothing_is_noted() -> None:
    assert sentences(BASE, TUNED) == []


KINDS = {"knowledge": (50, 0.42), "instructions": (20, 1.0), "passages": (0, 1.0)}
FORGOT = replace(TUNED, retention=replace(retention(floor=0.0), kinds=KINDS))


def test_what_was_kept_of_each_kind_of_general_questions_is_noted() -> None:
    (note,) = sentences(BASE, FORGOT, replace(FORGOT, name="fact 1x"))
    kept = "knowledge 42.0% of 50, instructions 100.0% of 20, passages none known"
    assert note == f"Kept of the known general questions, by kind: fact 5x: {kept}; fact 1x: {kept}."


def test_of_many_arms_the_kinds_are_left_to_the_report() -> None:
    (note,) = [note for note in sentences(*(replace(FORGOT, name=f"fact {n}x") for n in range(7))) if "kind" in note]
    assert note == "What each arm kept of each kind of general questions is in the report, under Retention."


def test_arms_that_were_trained_once_are_noted_once() -> None:
    once = replace(TUNED, seeds=(), spread=None)
    (note,) = sentences(BASE, once, replace(once, name="fact 1x"))
    assert note == (
        "Each tuned arm was trained once. So the verdicts are about these trained models; it is not known how much another "
        "training would change them. seeds=3 trains each arm three times and shows it."
    )


def test_what_retrieval_read_is_noted() -> None:
    reading = replace(baseline("rag", 0.4), passages="1 passage of 1 sentence, 9 words in all on average")
    (note,) = sentences(BASE, reading)
    assert note.startswith("With each question, the model read passages of the documents. rag: 1 passage of 1 sentence, 9 words")
    assert note.endswith("retriever.passages=3 retriever.sentences=0.")


def test_how_often_retrieval_was_given_the_answer_is_noted() -> None:
    recall = {1: 0.425, 5: 0.65}
    reading = replace(baseline("rag", 0.4), passages="9 words of passages on average", holding=(23, 40), recall=recall)
    assert sentences(BASE, reading)[1] == (
        "rag was given the answer in 23 of 40 prompts, as far as words show. A passage of the question's section was the "
        "first for 42.5% and among the first 5 for 65.0% of the questions. Where it was not given the answer, a wrong reply says "
        "nothing about the model."
    )


@pytest.mark.parametrize(
    ("recall", "shown"),
    [
        ({1: 1.0, 3: 1.0, 5: 1.0, 10: 1.0}, "was the first for 100.0% of the questions."),
        (
            {1: 0.6, 3: 0.9, 5: 0.9, 10: 0.95},
            "was the first for 60.0%, among the first 3 for 90.0% and among the first 10 for 95.0%",
        ),
    ],
)
def test_more_passages_are_only_named_where_they_found_more(recall: Mapping[int, float], shown: str) -> None:
    reading = replace(baseline("rag", 0.4), passages="9 words of passages on average", holding=(40, 40), recall=recall)
    assert shown in sentences(BASE, reading)[1]


def test_where_retrieval_was_always_given_the_answer_nothing_is_excused() -> None:
    reading = replace(baseline("rag", 0.4), passages="9 words of passages on average", holding=(40, 40))
    assert sentences(BASE, reading)[1] == "rag was given the answer in 40 of 40 prompts, as far as words show."


def test_baselines_alone_are_not_said_to_have_been_trained_once() -> None:
    assert sentences(BASE) == []


def test_a_missing_untuned_model_is_noted_where_there_is_a_tuned_arm() -> None:
    expected = ["The untuned model was not graded on this exam, so it is not known whether tuning helps. Keep base in baseline."]
    assert sentences(baseline("rag", 0.7), TUNED) == expected
    assert sentences(baseline("rag", 0.7)) == []


def test_questions_that_name_no_fact_are_counted() -> None:
    comparison = made(BASE, TUNED)
    nameless = [replace(item, fact="") if at < 5 else item for at, item in enumerate(comparison.items)]
    (note,) = notes(replace(comparison, items=nameless))
    assert note.startswith("5 of 12 questions name no fact, so each of them counts as a fact of its own")
    assert "the intervals are too narrow" in note


@pytest.mark.parametrize(
    ("judge", "graders", "noted"),
    [
        ("gpt-5-mini", [], 1),
        ("gpt-5-mini", ["judge and match"], 1),
        ("gpt-5-mini", ["judge and match", "judge and people"], 0),
        ("", [], 0),
    ],
)
def test_a_judge_that_was_not_compared_with_people_is_noted(judge: str, graders: Sequence[str], noted: int) -> None:
    agreements = [Agreement(graders=name, questions=9, kappa=interval(0.5)) for name in graders]
    sentences = notes(replace(made(BASE, TUNED), judge=judge, agreements=agreements))
    assert sum("agreement with people was never measured" in note for note in sentences) == noted


def test_near_duplicates_are_noted_with_the_accuracy_without_them() -> None:
    near = replace(TUNED, near=3, without_near=interval(0.45))
    (note,) = sentences(BASE, near, replace(TUNED, name="fact 1x", near=12))
    assert note.endswith(
        "Accuracy without them: fact 5x 45.0% instead of 50.0% (3 left out); fact 1x not graded instead of 50.0% (12 left out)."
    )


@pytest.mark.parametrize("status", ["FAILED", "KILLED", "RUNNING"])
def test_an_arm_that_did_not_finish_is_noted(status: str) -> None:
    lost = Arm(name="human full", kind="tuned", status=status, run="1")
    assert sentences(BASE, TUNED, lost) == [f"human full: {status.lower()}, so it is compared with nothing."]


def test_an_arm_that_failed_the_gate_is_noted_with_what_it_kept_and_should_have() -> None:
    assert sentences(BASE, replace(TUNED, retention=retention(lost=30, floor=0.9))) == [
        "fact 5x: failed the gate. It still answers 57.1% of the 70 general questions that the untuned model knew; "
        "retention.floor asks for 90.0%."
    ]


def test_a_gate_that_an_arm_came_through_is_not_noted() -> None:
    assert sentences(BASE, replace(TUNED, retention=retention(lost=7, floor=0.9))) == []


def test_too_few_labels_are_noted_with_how_many_there_were() -> None:
    shortage = "3 of 30 units (a section, a fact or a single label) have fewer labels than 5x asks for"
    assert sentences(BASE, replace(TUNED, shortage=shortage)) == [f"fact 5x: {shortage}. It was trained on 590 labels."]


def test_ungraded_answers_are_noted_of_baselines_too() -> None:
    assert sentences(replace(BASE, ungraded=1), replace(TUNED, ungraded=2)) == [
        "Answers that were not graded: 1 of base; 2 of fact 5x. They count neither as right nor as wrong. No question was graded "
        "for every arm, so arms are ranked by different questions.",
    ]


def test_methods_on_the_same_budget_are_noted_with_what_was_matched() -> None:
    comparison = made(BASE, TUNED, replace(TUNED, name="token 5x", method="token"))
    between = [pair("fact 5x", "token 5x", 0.1, matched=["labels", "steps"]), pair("base", "fact 5x", 0.4)]
    assert notes(replace(comparison, pairs=between)) == [
        "Methods trained on the same budget: fact 5x and token 5x in labels and steps."
    ]


def test_many_pairs_on_the_same_budget_are_counted_and_not_listed() -> None:
    arms = [BASE, TUNED, *(replace(TUNED, name=f"token {number}", method="token") for number in range(7))]
    between = [pair("fact 5x", f"token {number}", 0.1, matched=["labels"]) for number in range(7)]
    assert notes(replace(made(*arms), pairs=between)) == [
        "7 pairs of arms with different methods had the same budget; the report's table of pairs names them."
    ]


def test_methods_of_which_no_two_had_the_same_budget_are_noted() -> None:
    comparison = made(BASE, TUNED, replace(TUNED, name="token 5x", method="token"))
    (note,) = notes(replace(comparison, pairs=[pair("fact 5x", "token 5x", 0.1)]))
    assert note.startswith("No two methods were trained on the same budget")


def test_sizes_of_one_method_need_no_common_budget() -> None:
    comparison = made(BASE, TUNED, replace(TUNED, name="fact 1x"))
    assert notes(replace(comparison, pairs=[pair("fact 1x", "fact 5x", 0.1)])) == []


def test_a_comparison_carries_its_notes() -> None:
    comparison = compare([untrained("base", "+?", facts="a ", metrics={"ungraded": 1.0}), trained("1", "+-", facts="a ")])
    assert [note.split(" ")[0] for note in comparison.notes] == ["Each", "1", "Answers"]


def test_the_best_of_arms_that_are_not_told_apart_is_said_to_look_better_than_it_is() -> None:
    alike = [trained("1", "+-" * 15), trained("2", "-+" * 15)]
    worse = trained("3", "-" * 30)
    (note,) = [note for note in compare([*alike, worse]).notes if note.startswith("The best of several arms")]
    assert "The tests do not tell the 2 best tuned arms apart" in note
    assert "is 7.4 points above the true one on average" in note
    assert not [note for note in compare([alike[0], worse]).notes if note.startswith("The best of several arms")]


def test_an_exam_that_no_person_wrote_is_noted_first_with_where_to_correct_it() -> None:
    by_model = {"runner.exam_origin": "written by m, not checked by a person; and so on"}
    tracked = [replace(each, row=replace(each.row, tags={**each.row.tags, **by_model})) for each in (untrained("base", "-+"),)]
    comparison = compare(tracked)
    assert comparison.written == by_model["runner.exam_origin"]
    assert comparison.notes[0].startswith("The exam was written by m, not checked by a person; and so on. Look at its questions")
