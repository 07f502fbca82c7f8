"""The shipped chip is read whole from all of its formats, its exam asks for each fact in words that no label has."""

import re
import sys
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from runner.corpus.documents import read_documents
from runner.corpus.folder import Folder
from runner.corpus.reading import ReadingRules, read_file
from runner.data.records import Label, Labelling, Material, Question, Section
from runner.data.text import normal
from runner.exam_checks.near_duplicates import asked, nearest
from runner.grader.match import passes
from tests.given import study

ROOT = Path(__file__).resolve().parents[2]
SILICON = ROOT / "runner" / "corpus" / "silicon"
# The units that each method writes labels on: facts or sections.
UNITS = {"fact": 150, "mixed": 150, "token": 32, "document": 32}


def corpus(**changes: Any) -> Folder:
    """The corpus by its preset."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "conf" / "corpus" / "silicon.yaml").read_text(encoding="utf-8"))
    del settings["_target_"]
    return Folder(**{**settings, "path": str(SILICON), **changes})


@cache
def material() -> Material:
    """The corpus with its exam and labels."""
    return corpus().read()


def exam() -> tuple[Question, ...]:
    """The questions of the exam."""
    return tuple(material().questions)


@cache
def sections() -> dict[str, Section]:
    """The sections by their ids."""
    return {section.id: section for section in material().sections}


@cache
def labelling(method: str, scale: float) -> Labelling:
    """The labels that the recorded teacher writes, with the settings of the command."""
    chosen = study("corpus=silicon", f"method={method}")
    return chosen.method.label(material(), chosen.teacher, scale)


@cache
def taught() -> tuple[Label, ...]:
    """People's labels and those of each method, up to 5x."""
    return (*material().labels, *(label for method in ("fact", "token", "document") for label in labelling(method, 5).labels))


def test_there_are_six_categories():
    assert {section.category for section in sections().values()} == {
        "interconnect",
        "interrupts",
        "dma",
        "power",
        "verification",
        "guidelines",
    }


def test_every_document_but_that_in_systemrdl_is_read():
    written = {file.relative_to(SILICON / "documents").as_posix() for file in (SILICON / "documents").rglob("*.*")}
    assert {section.document for section in sections().values()} == written - {"power/stoker.rdl"}


def test_it_gives_no_note():
    assert corpus().read().notes == ()


def test_headings_of_the_pdf_and_the_docx_become_sections():
    names = [name for name in sections() if name.endswith(("Sources", "Tiers", "Delivery", "Special cases"))]
    names += [name for name in sections() if "stoker" in name]
    assert names == [
        *(f"interrupts/belfry.pdf#{heading}" for heading in ("Sources", "Tiers", "Delivery", "Special cases")),
        *(f"power/stoker.docx#{heading}" for heading in ("States", "Sequencing", "Thermal limits")),
    ]


@pytest.mark.parametrize(
    ("section", "cells"),
    [
        ("interrupts/belfry.pdf#Delivery", ["BELL_TOLL", "0x2C", "A write interrupts all cores at once."]),
        ("power/stoker.docx#States", ["Ash", "2.4 milliseconds"]),
        ("interconnect/protocol.adoc#Flow control", ["VC1", "responses", "20"]),
    ],
)
def test_tables_of_the_pdf_the_docx_and_the_asciidoc_stay_tables(section, cells):
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in sections()[section].text.splitlines()]
    assert cells in rows


def test_registers_and_the_module_give_facts_without_a_teacher():
    facts = [
        fact for fact in read_documents(SILICON, ReadingRules(longest=1500, strict=False)).facts if fact.section in sections()
    ]
    assert len(facts) == 39
    assert "The field LEFT in the register HAUL_STATUS of drayman is bits 30:16." in {fact.text for fact in facts}


def test_the_exam_has_three_questions_on_each_of_122_facts():
    asked = Counter((question.section, question.fact) for question in exam())
    assert (len(asked), set(asked.values())) == (122, {3})


def test_every_category_has_at_least_sixty_questions():
    asked = Counter(question.category for question in exam())
    assert set(asked) == {section.category for section in sections().values()}
    assert min(asked.values()) == 60


def test_questions_on_what_was_read_from_registers_and_parameters_name_the_readers_fact():
    facts = {(fact.section, fact.text) for fact in read_documents(SILICON, ReadingRules(longest=1500, strict=False)).facts}
    asked = {(question.section, question.fact) for question in exam()}
    described = {pair for pair in asked if ".hjson#" in pair[0] or pair[0].endswith("> Parameters")}
    assert described <= facts
    assert len(described) == 12


def test_every_reference_passes_its_own_question_in_a_sentence():
    wrong = [
        (question.id, form)
        for question in exam()
        for form in (question.answer, *question.aliases)
        if not passes(f"It is {form}.", (form,), question=question.question)
    ]
    assert wrong == []


def test_no_question_holds_its_own_answer():
    held = [
        question.id
        for question in exam()
        if passes(question.question, (question.answer, *question.aliases)) or normal(question.answer) in normal(question.question)
    ]
    assert held == []


@pytest.mark.parametrize(
    "kind",
    [
        r"\d+ °C",
        r"0\.\d+ V",
        r".* (micro|milli)seconds",
        r"\d+:\d+",
        r"bit \d+",
        r"0x\w+",
        r"HV-\d+",
        r"VC\d",
        r"[A-C]\d",
        r"tier \d+",
    ],
)
def test_an_answer_of_the_same_kind_to_another_question_does_not_pass(kind):
    alike = [question for question in exam() if re.fullmatch(kind, question.answer)]
    answers = {question.answer for question in alike}
    assert len(answers) > 1
    wrong = [
        (question.id, answer)
        for question in alike
        for answer in answers - {question.answer}
        if passes(answer, (question.answer, *question.aliases), question=question.question)
    ]
    assert wrong == []


@pytest.mark.parametrize("method", UNITS)
@pytest.mark.parametrize("scale", [1, 5])
def test_every_method_finds_its_recorded_replies(method, scale):
    made = labelling(method, scale)
    assert (made.short, made.units) == (0, UNITS[method])


def test_the_exam_that_a_model_writes_finds_its_recorded_replies():
    chosen = study("corpus=silicon", "exam=written")
    written = chosen.exam.write(material(), chosen.examiner)
    asked_of = Counter((question.section, question.fact) for question in written.questions)
    assert (len(asked_of), set(asked_of.values()), written.notes) == (30, {3}, ())
    assert {question.category for question in written.questions} == {section.category for section in sections().values()}


@pytest.mark.parametrize("method", UNITS)
def test_labels_at_1x_are_some_of_those_at_5x(method):
    one, five = ({label for label in labelling(method, 5).labels if label.position < scale} for scale in (1, 5))
    assert one < five
    assert one == {label for label in labelling(method, 1).labels if label.position < 1}


def test_every_section_has_a_persons_label():
    assert len(material().labels) == 60
    assert {label.section for label in material().labels} == set(sections())


def test_no_label_asks_in_almost_the_words_of_the_exam():
    assert len({asked(label) for label in taught()}) > 1500
    assert nearest(taught(), exam(), 0.9) == []


def test_no_label_on_the_section_of_a_question_is_spelled_almost_like_it():
    # On its section alone, since difflib is slow. The test above compares every label with every question.
    alike = []
    for section in sections():
        labels = {normal(asked(label)) for label in taught() if label.section == section}
        questions = [normal(question.question) for question in exam() if question.section == section]
        for question, label in product(questions, labels):
            matcher = SequenceMatcher(None, label, question, autojunk=False)
            if matcher.real_quick_ratio() > 0.9 and matcher.quick_ratio() > 0.9 and matcher.ratio() > 0.9:
                alike.append((question, label))
    assert alike == []


@pytest.mark.parametrize("library", ["pypandoc", "liteparse", "hjson", "pyslang.syntax"])
def test_without_the_extra_for_documents_its_install_command_is_told(library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)  # an import of it fails from now on
    files = (SILICON / "documents").rglob("*.*")
    # One by one, since the processes that read many files know nothing of this.
    faults = [read_file(file, SILICON, ReadingRules(longest=1500, strict=True)).fault for file in files]
    assert any("Install it: pip install 'experiment-runner[documents]'" in fault for fault in faults)
