"""A tuned checkpoint goes on from what its own answers were worth, and the exam is asked afterwards alone."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.preferences import HumanPreference
from runner.data.records import HumanGrade, Labelling, Subset
from runner.errors import Fault
from runner.pipeline.refining import check_possible, refined
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.refine.kto import KahnemanTversky
from runner.refine.none import Unrefined
from tests.pipeline.practising import DPO, LABELS, after, learned, practising, question, tuned

KTO = KahnemanTversky(
    samples=4, temperature=1.0, chosen="own", prompt="{passage} {question}", beta=0.1, rejected=1.0, epochs=1, batch=2, rate=1e-4
)


def with_people(study: Study) -> Study:
    """The study with a preference and two grades of people, one of an answer to the exam."""
    exam = study.material.questions[0]
    grades = (
        HumanGrade(question=exam, answer="of the exam", passed=False),
        HumanGrade(question=question(9), answer="9", passed=True),
    )
    preferences = (HumanPreference(question="Say it?", chosen="briefly", rejected="at great length"),)
    study = replace(study)
    vars(study)["source"] = replace(study.source, preferences=preferences)
    vars(study)["material"] = replace(study.material, grades=grades)
    return study


def test_without_refinement_the_tuned_checkpoint_stays_as_it_is(study: Study) -> None:
    study = practising(study, refine=Unrefined())
    first = tuned(study)
    assert refined(study, StoreExecutor(study), first, Labelling(labels=LABELS), Subset(labels=LABELS), 0) is first
    assert study.model.asked == []


def test_wrong_answers_are_rejected_for_right_ones_of_its_own_from_the_tuned_model_on(study: Study) -> None:
    study = practising(study, "{n}", "x", "y", "{n}")
    first, second = tuned(study), after(study)
    assert learned(study) == [
        pair for label in LABELS for wrong in ("x", "y") for pair in ((label.question, label.answer), (label.question, wrong))
    ]
    tuner, _, model = study.tuner.given[-1]
    assert model.tuned == first.value.model.tuned
    assert (tuner.epochs, tuner.batch, tuner.rate) == (1, 2, 1e-4)
    assert second.value.trainings == (first.key, second.key)
    assert second.value.model.tuned == str(study.store.folder / "tunings" / second.key)
    assert second.value.tuning == first.value.tuning
    assert second.value.refining.lessons == 16
    assert {who for who, _ in study.model.asked} == {"draw"}


def test_the_same_refinement_is_done_once_and_another_one_draws_the_same_answers(study: Study) -> None:
    study = practising(study)
    keys = [after(study).key, after(study).key, after(replace(study, refine=replace(DPO, beta=0.5))).key]
    assert keys[0] == keys[1] != keys[2]
    assert len(study.tuner.given) == 3
    assert len(study.model.asked) == 4 * len(LABELS)


def test_the_label_is_preferred_where_it_is_chosen(study: Study) -> None:
    study = practising(study, "x", refine=replace(DPO, chosen="label"))
    after(study)
    assert learned(study) == [pair for label in LABELS for pair in ((label.question, label.answer), (label.question, "x"))]


def test_judged_replies_are_learned_one_by_one_with_those_of_people(study: Study) -> None:
    study = with_people(practising(study, "{n}", "x", refine=KTO))
    after(study)
    own = [pair for label in LABELS for pair in ((label.question, label.answer), (label.question, "x"))]
    assert learned(study) == [(question(9).question, "9"), *own, ("Say it?", "briefly"), ("Say it?", "at great length")]


def test_pairs_of_people_alone_need_no_answers(study: Study) -> None:
    study = with_people(practising(study, refine=replace(DPO, samples=0, batch=1)))
    after(study)
    assert learned(study) == [("Say it?", "briefly"), ("Say it?", "at great length")]
    assert study.model.asked == []


@pytest.mark.parametrize(
    ("answers", "refine", "message"),
    [
        (["{n}"], DPO, r"0 pairs .* of 16 answers 16 were right and 0 wrong\), and a step takes 2"),
        (["x"], DPO, r"0 pairs .* 0 were right and 16 wrong"),
        (["x"], KTO, r"4 judged replies, all of them rejected"),
        (["x", "{n}"], replace(DPO, batch=5), r"4 pairs .* a step takes 5.*refine.samples.*refine.temperature"),
    ],
)
def test_too_few_lessons_are_a_fault_that_counts_the_answers(
    study: Study, answers: list[str], refine: object, message: str
) -> None:
    with pytest.raises(Fault, match=message):
        after(practising(study, *answers, refine=refine))


@pytest.mark.parametrize(
    ("refine", "message"),
    [
        (
            replace(DPO, batch=17),
            r"4 practice questions with 4 answers each give at most 16 pairs .* a step takes 17.*refine.batch",
        ),
        (replace(KTO, batch=21), r"at most 20 judged replies, and a step takes 21"),
        (replace(DPO, batch=16), ""),
        (replace(DPO, batch=17, samples=0), ""),
    ],
)
def test_lessons_that_can_only_be_too_few_are_a_fault_before_any_training(study: Study, refine: object, message: str) -> None:
    given = practising(study, "x", refine=refine)
    with pytest.raises(Fault, match=message) if message else nullcontext():
        check_possible(given, Output(value=Labelling(labels=LABELS)), Output(value=Subset(labels=LABELS)))


def test_a_forecast_counts_the_drawn_answers_and_trains_nothing(study: Study) -> None:
    study, forecast = practising(study), Forecast()
    after(study, ForecastExecutor(study, forecast, {}))
    estimate = forecast.estimates["answer", "student"]
    assert estimate.left.requests == 4 * len(LABELS)
    assert len(forecast.trainings) == 2
    assert study.model.asked == []
    assert study.tuner.given == []


@pytest.mark.parametrize("refine", [replace(DPO, chosen="passage"), replace(DPO, chosen="label"), KTO])
def test_nothing_of_the_exam_reaches_a_training_or_a_grader_before_the_end(study: Study, refine: object) -> None:
    study = with_people(practising(study, "{n}", "x", "y", refine=refine))
    section = replace(study.material.sections[0], id="chip.md#Pins", text="Pins have their numbers.")
    vars(study)["material"] = replace(study.material, sections=(section,))
    after(study)
    exam = study.material.questions
    asked = [prompt.messages[-1].content for _, prompt in study.model.asked]
    taught = [text for _, rows, _ in study.tuner.given for prompt, reply in rows for text in (prompt.messages[-1].content, reply)]
    graded = [each for file in study.store.folder.glob("grades/*/grades.jsonl") for each in file.read_text().splitlines()]
    assert asked
    assert taught
    assert graded
    secret = {text for each in exam for text in (each.question, each.answer)} | {"of the exam"}
    assert not [text for text in (*asked, *taught) for hidden in secret if hidden in text and len(hidden) > 3]
    assert not [line for line in graded if any(f'"{each.id}' in line for each in exam)]


def test_the_student_answers_with_the_passage_before_it_where_that_is_preferred(study: Study) -> None:
    study = practising(study, "x", refine=replace(DPO, chosen="passage"))
    section = replace(study.material.sections[0], id="chip.md#Pins", text="Pins have their numbers.")
    vars(study)["material"] = replace(study.material, sections=(section,))
    after(study)
    shown = [prompt.messages[-1].content for who, prompt in study.model.asked if who == "ask"]
    assert shown == [f"Pins have their numbers. {label.question}" for label in LABELS]
    assert learned(study) == [pair for label in LABELS for pair in ((label.question, label.answer), (label.question, "x"))]
