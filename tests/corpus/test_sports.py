"""The shipped corpus has the events, facts and questions that its presets name, and no exam question among its labels."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from runner.corpus.folder import Folder
from runner.data.records import Labelling, Material
from runner.data.text import normal
from runner.grader.match import passes
from runner.method.fact import Fact
from runner.method.token import Token
from runner.model.recorded import Recorded
from tests.given import study

ROOT = Path(__file__).resolve().parents[2]
SPORTS = ROOT / "runner" / "corpus" / "sports"


def settings(choice: str) -> dict[str, Any]:
    """The values of a yaml under conf/."""
    values: dict[str, Any] = yaml.safe_load((ROOT / "conf" / f"{choice}.yaml").read_text(encoding="utf-8"))
    del values["_target_"]
    return values


@cache
def material(preset: str) -> Material:
    """The corpus by a preset."""
    return Folder(**{**settings(f"corpus/{preset}"), "path": str(SPORTS)}).read()


@cache
def labelling(method: str, preset: str, scale: float) -> Labelling:
    """The labels that the recorded teacher writes."""
    kind = {"fact": Fact, "token": Token}[method]
    return kind(**settings(f"method/{method}")).label(material(preset), Recorded(path=str(SPORTS / "recorded")), scale)


def test_there_are_six_categories():
    assert len({section.category for section in material("sports").sections}) == 6
    assert len({question.category for question in material("sports").questions}) == 6


def test_every_category_has_sixteen_facts_that_serve_the_purpose():
    facts = Counter(fact.category for fact in labelling("fact", "sports", 1).facts)
    assert list(facts.values()) == [16] * 6


def test_every_fact_has_at_least_three_questions():
    asked = Counter(question.fact for question in material("sports").questions)
    assert min(asked[fact.text] for fact in labelling("fact", "sports", 1).facts) >= 3


def test_every_question_is_on_a_fact_of_its_section():
    facts = {(fact.section, fact.text) for fact in labelling("fact", "sports", 1).facts}
    assert {(question.section, question.fact) for question in material("sports").questions} <= facts


def test_no_question_of_the_exam_is_in_a_recorded_reply():
    taught = {
        normal(pair["question"])
        for file in (SPORTS / "recorded").glob("*.jsonl")
        if file.name != "exam.jsonl"  # what an examiner wrote is asked, and not taught
        for line in file.read_text(encoding="utf-8").splitlines()
        for pair in json.loads(json.loads(line)["reply"])
        if isinstance(pair, dict)
    }
    assert len(taught) > 1000
    assert not taught & {normal(question.question) for question in material("sports").questions}


@pytest.mark.parametrize("method", ["fact", "token"])
@pytest.mark.parametrize("scale", [1, 5, 10])
def test_no_unit_is_left_short(method, scale):
    made = labelling(method, "sports", scale)
    assert (made.short, made.units) == (0, {"fact": 96, "token": 30}[method])


@pytest.mark.parametrize("method", ["fact", "token"])
def test_a_smaller_scale_is_contained_in_a_larger_one(method):
    one, five, ten = (
        {label for label in labelling(method, "sports", 10).labels if label.position < scale} for scale in (1, 5, 10)
    )
    assert one < five < ten
    assert five == {label for label in labelling(method, "sports", 5).labels if label.position < 5}


def test_every_reference_passes_its_own_question():
    questions = material("sports").questions
    wrong = [
        (question.id, form)
        for question in questions
        for form in (question.answer, *question.aliases)
        if not passes(form, (form,))
    ]
    assert wrong == []


def test_every_document_has_a_persons_label_on_its_overview():
    overviews = {section.document: section.id for section in reversed(material("sports").sections)}
    assert set(overviews.values()) <= {label.section for label in material("sports").labels}


def test_the_quick_preset_has_thirty_facts_and_ninety_questions():
    assert len(labelling("fact", "quick", 1).facts) == 30
    assert len(material("quick").questions) == 90


def test_the_quick_preset_has_three_events():
    assert len({section.document for section in material("quick").sections}) == 3


@pytest.mark.parametrize("method", ["fact", "token"])
def test_the_quick_preset_is_recorded_up_to_ten_times(method):
    assert labelling(method, "quick", 10).short == 0


def test_the_exam_that_a_model_writes_of_the_quick_preset_is_recorded():
    chosen = study("corpus=quick", "exam=written")
    written = chosen.exam.write(material("quick"), chosen.examiner)
    asked = Counter((question.section, question.fact) for question in written.questions)
    assert (len(asked), set(asked.values()), written.notes) == (30, {3}, ())
