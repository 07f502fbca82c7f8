"""The second edition of the shipped chip changes, withdraws and adds facts in seven of its sections, and nothing else."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from runner.data.editions import EDITION, apart
from runner.data.records import Label, Material, Question
from runner.data.text import normal
from runner.exam_checks.near_duplicates import nearest
from runner.grader.match import passes
from tests.given import study

SHIPPED = Path(__file__).resolve().parents[2] / "runner" / "corpus"
FORMER, LATTER = SHIPPED / "silicon", SHIPPED / "silicon_c0"
RELABELLED = {
    "dma/drayman.md#Descriptors",
    "guidelines/delivery.md#Releases",
    "interconnect/mesh.md#Routing",
    "power/domains.md#Wake-up",
    "verification/errata.md#Revision B1",
    "verification/errata.md#Revision C0",
    "verification/plan.md#Regression",
}


@cache
def material(name: str) -> Material:
    """A corpus with its exam and labels, as the command reads it."""
    return study(f"corpus={name}").source


@cache
def labels(method: str, scale: float) -> tuple[Label, ...]:
    """The labels that the recorded teacher writes on the second edition."""
    chosen = study("corpus=silicon-c0", f"method={method}")
    made = chosen.method.label(material("silicon-c0"), chosen.teacher, scale)
    assert made.short == 0
    return made.labels


def asked(*editions: str) -> list[Question]:
    """The questions of some editions."""
    return [question for question in material("silicon-c0").questions if question.extra[EDITION] in editions]


def test_six_sections_are_changed_one_is_new_and_one_is_gone():
    former, latter = ({each.id: each.text for each in material(name).sections} for name in ("silicon", "silicon-c0"))
    assert {name for name, text in latter.items() if former.get(name) != text} == RELABELLED
    assert former.keys() - latter.keys() == {"verification/errata.md#Revision A0"}


def test_documents_of_other_formats_are_the_same_byte_for_byte():
    files = [file for file in (FORMER / "documents").rglob("*.*") if file.suffix != ".md"]
    assert {file.suffix for file in files} >= {".pdf", ".docx"}
    changed = [file for file in files if (LATTER / file.relative_to(FORMER)).read_bytes() != file.read_bytes()]
    assert changed == []


def test_the_exam_has_three_questions_on_each_fact_of_every_edition():
    facts = Counter((question.extra[EDITION], question.fact) for question in asked("old", "changed", "new", "withdrawn"))
    assert set(facts.values()) == {3}
    assert Counter(edition for edition, _ in facts) == {"old": 102, "changed": 12, "new": 10, "withdrawn": 8}


def test_old_and_withdrawn_facts_are_asked_for_as_in_the_first_edition():
    former = {question.id: (question.question, question.answer, question.category) for question in material("silicon").questions}
    same = asked("old", "withdrawn")
    assert [(each.question, each.answer, each.category) for each in same] == [former[each.id] for each in same]


def test_the_answer_to_a_changed_fact_is_not_its_former_one():
    former = {question.question: question for question in material("silicon").questions}
    repeated = [question for question in asked("changed") if question.question in former]
    assert len(repeated) > 20
    still = [
        each.id for each in repeated if passes(former[each.question].answer, (each.answer, *each.aliases), question=each.question)
    ]
    assert still == []


def test_a_withdrawn_fact_is_stated_nowhere():
    _, withdrawn = apart(material("silicon-c0").questions)
    words = {"HV-11", "HV-08", "warm_bias", "Granary", "Joaquin Reyes", "on three nights"}
    assert {word for word in words if any(word in question.fact for question in withdrawn)} == words
    assert [word for word in words if any(word in section.text for section in material("silicon-c0").sections)] == []


def test_every_reference_to_a_changed_or_new_fact_passes_its_own_question():
    wrong = [
        (question.id, form)
        for question in asked("changed", "new")
        for form in (question.answer, *question.aliases)
        if not passes(f"It is {form}.", (form,), question=question.question)
    ]
    assert wrong == []


def test_no_question_holds_its_own_answer():
    held = [each.id for each in asked("changed", "new") if normal(each.answer) in normal(each.question)]
    assert held == []


@pytest.mark.parametrize("method", ["fact", "token"])
def test_labels_at_1x_are_some_of_those_at_5x(method):
    one, five = ({label for label in labels(method, 5) if label.position < scale} for scale in (1, 5))
    assert one < five
    assert one == {label for label in labels(method, 1) if label.position < 1}


@pytest.mark.parametrize("method", ["fact", "token"])
def test_labels_on_unchanged_sections_are_those_of_the_first_edition(method):
    chosen = study("corpus=silicon", f"method={method}")
    former = chosen.method.label(material("silicon"), chosen.teacher, 5).labels
    same = {label for label in labels(method, 5) if label.section not in RELABELLED}
    assert same == {label for label in former if label.section not in RELABELLED | {"verification/errata.md#Revision A0"}}


def test_no_label_asks_in_almost_the_words_of_the_exam():
    taught = [*material("silicon-c0").labels, *labels("fact", 5), *labels("token", 5)]
    assert nearest(taught, asked("changed", "new"), 0.9) == []


def test_every_section_has_a_persons_label():
    assert {label.section for label in material("silicon-c0").labels} == {each.id for each in material("silicon-c0").sections}


def test_it_gives_no_note():
    assert material("silicon-c0").notes == ()
