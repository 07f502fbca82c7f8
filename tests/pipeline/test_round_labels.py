"""New labels on what was missed: the teacher is told what was answered wrongly, and its labels pass all filters."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.records import Prompt, Subset
from runner.data.reviews import Item, Review, standings
from runner.pipeline.practice import practice_apart
from runner.pipeline.round_labels import Supply, asks_teacher, spare_labels
from runner.preview.forecast import Forecast, ForecastExecutor
from tests.given import Scripted, said
from tests.given import study as given_study
from tests.pipeline.rounding import ASKED, LABELS, PINS, SECTION, after, pin_in, rounding


def replying(question: Callable[[int, int], str]) -> Callable[[Prompt], str]:
    """A teacher that replies with two pairs on the pin that it is asked about."""

    def reply(prompt: Prompt) -> str:
        pin = pin_in(said(prompt).split("|")[1])
        return json.dumps([{"question": question(pin, number), "answer": f"{pin:02}"} for number in range(2)])

    return reply


STARTS = ("Under what number", "At which position of the row")
NEW = replying(lambda pin, number: f"{STARTS[number]} is pin {pin:02} soldered?")


def test_the_teacher_is_told_section_fact_questions_and_wrong_answers_of_what_failed(pins: Study) -> None:
    teacher = Scripted(NEW)
    last = after(rounding(pins, teacher=teacher, refine={"rounds": 1}))
    asked = [said(prompt).split("|") for prompt in teacher.asked]
    assert [fact for _, fact, *_ in asked] == [f"Pin {pin:02}" for pin in range(8, 24)]
    text, _, missed, earlier, pairs = asked[0]
    assert (text, pairs) == (SECTION.text, "2")
    assert missed == "\n".join(
        f"- Question: Which {word} has pin 08?\n  Answers of the student: x\n  Answer of the document: 08" for word in ASKED[1:3]
    )
    assert earlier == "\n".join(f"- Which {word} has pin 08?" for word in ASKED[:4])
    labels = last.value.rounds[1].labels
    assert len(labels) == 32
    assert {(each.round, each.origin, each.method, each.section) for each in labels} == {(1, "scripted", "fact", SECTION.id)}


def test_labels_that_the_exam_or_practice_asks_and_repeated_ones_are_left_out_with_a_reason(pins: Study) -> None:
    exam = pins.material.questions[0].question
    said_by_pin = {
        8: (exam, "Has pin 08 which voltage?"),  # of the exam; and near to a practice question
        9: ("Which signal has pin 09?", "Under what number is pin 09 soldered?"),  # trained on; and new
        10: ("question", "Under what number is pin 10 soldered?"),  # a form; and new
    }
    few = tuple(each for each in LABELS if pin_in(each.question) in (0, 1, 2, 3, 4, 8, 9, 10))
    study = rounding(pins, teacher=Scripted(replying(lambda pin, number: said_by_pin[pin][number])), refine={"rounds": 1})
    vars(study)["method"] = replace(study.method, labels=few)
    last = after(study)
    kept = {each.question for each in last.value.rounds[1].labels}
    assert kept == {"Under what number is pin 09 soldered?", "Under what number is pin 10 soldered?"}
    dropped = {reason: count for each in last.value.rounds[1].ledgers for reason, count in each.filtered.items() if count}
    assert dropped["asked in the exam"] == 1
    assert dropped["like a practice question"] == 1
    assert dropped["form without content"] >= 1
    assert dropped["duplicate"] >= 1
    assert {each.stage for each in last.value.rounds[1].ledgers} == {
        f"round 1: {name}" for name in ("pairs", "leaks", "practice")
    }


def test_new_labels_are_those_that_people_left(pins: Study) -> None:
    words = (f"{start} is pin 08 soldered?" for start in STARTS)
    first, second = (Item(kind="label", question=question, answer="08", section=SECTION.id) for question in words)
    by = {"who": "Bea", "when": "2026-11-30T10:00:00+00:00"}
    reviews = [
        Review(verdict="reject", before=first, **by),
        Review(verdict="edit", before=second, after=replace(second, answer="8 of 24"), **by),
    ]
    study = rounding(pins, teacher=Scripted(NEW), review=given_study("review=done").review, refine={"rounds": 1})
    vars(study).update(reviews=standings(reviews), choices={**study.choices, "review": "done"})
    result = after(study).value.rounds[1]
    labels = {each.question: each.answer for each in result.labels if pin_in(each.question) == 8}
    assert labels == {second.question: "8 of 24"}
    (ledger,) = (ledger for ledger in result.ledgers if ledger.stage == "round 1: review=done")
    assert dict(ledger.filtered) == {"rejected": 1}


def test_reviews_that_reject_every_new_label_end_the_rounds_and_not_the_study(
    pins: Study, caplog: pytest.LogCaptureFixture
) -> None:
    by = {"who": "Bea", "when": "2026-11-30T10:00:00+00:00"}
    words = [(pin, f"{start} is pin {pin:02} soldered?") for pin in PINS for start in STARTS]
    items = [Item(kind="label", question=question, answer=f"{pin:02}", section=SECTION.id) for pin, question in words]
    study = rounding(pins, teacher=Scripted(NEW), review=given_study("review=done").review, refine={"rounds": 1})
    reviews = [Review(verdict="reject", before=item, **by) for item in items]
    vars(study).update(reviews=standings(reviews), choices={**study.choices, "review": "done"})
    assert len(after(study).value.rounds) == 1
    assert "review=done: it drops all 32 labels. The first: 'Under what number is pin 08 soldered?': rejected" in caplog.text


def test_a_budget_of_labels_asks_for_no_more_facts_than_it_has_room_for(pins: Study) -> None:
    teacher = Scripted(NEW)
    last = after(rounding(pins, teacher=teacher, refine={"labels": 5}))
    assert len(teacher.asked) == 3
    assert len(last.value.labels) == 5


def test_the_same_failures_ask_the_teacher_nothing_again(pins: Study) -> None:
    teacher = Scripted(NEW)
    study = rounding(pins, teacher=teacher)
    last, asked = after(study), len(teacher.asked)
    assert asked > 16
    assert after(study).value.trainings == last.value.trainings
    assert len(teacher.asked) == asked


def test_a_forecast_counts_requests_for_all_facts_in_each_round(pins: Study) -> None:
    study, forecast = rounding(pins, teacher=Scripted(NEW), refine={"rounds": 2}), Forecast()
    after(study, ForecastExecutor(study, forecast, {}))
    assert forecast.estimates["label", "scripted"].left.requests == 2 * 24
    assert forecast.estimates["label", "scripted"].about


@pytest.mark.parametrize(("source", "recorded", "asks"), [(None, True, False), (None, False, True), ("larger", False, False)])
def test_the_teacher_is_asked_unless_its_replies_are_recorded_or_larger_sizes_are_chosen(
    pins: Study, source: str | None, recorded: bool, asks: bool
) -> None:
    study = rounding(pins, refine={"source": source}, **({} if recorded else {"teacher": Scripted(NEW)}))
    assert asks_teacher(study) is asks


def test_spare_labels_are_neither_trained_nor_practice_nor_like_it_and_below_the_scale(pins: Study) -> None:
    study = rounding(pins, refine={"scale": 7})
    near = replace(LABELS[5], question="Has pin 00 which voltage?")
    labelling = study.method.label(study.material, study.teacher, 8)
    practice = practice_apart(study, labelling, Subset(labels=LABELS[::8]), 2)
    supply = Supply(labelling=replace(labelling, labels=(*LABELS, near)), subset=Subset(labels=LABELS[:1]), practice=practice)
    assert len(practice.questions) == 2 * 24
    assert len(spare_labels(study, supply)) == 7 * 24 - 2 * 24 - 1
