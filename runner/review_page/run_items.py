"""A run's id in, its labels, questions and answers out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner.commands.tracked_runs import History, history
from runner.config.components import component
from runner.config.exams import exam_inputs, kept_exam, made
from runner.config.sections import read_corpus
from runner.corpus import Corpus
from runner.data.records import Label, Material, Question
from runner.data.reviews import answer_item
from runner.errors import Fault
from runner.review_page import Candidate
from runner.review_page.gathered import ReviewedItems, candidates_of_labels, candidates_of_questions, folder_of, merged
from runner.store.local import LocalStore
from runner.tracker import TrackedRun

Row = Mapping[str, Any]


def run_items(words: Sequence[str]) -> ReviewedItems:
    """Gather the items of a tracked run; of a sweep, those of its arms.

    `words` are an id or key, and overrides such as tracker.uri=...
    """
    ids = [word for word in words if "=" not in word]
    with history([word for word in words if "=" in word]) as past:
        arms = {arm.id: arm for word in ids for arm in past.arms(past.find(word))}
        if not arms:
            raise Fault(f"{' '.join(ids)}: the sweep has no arm yet")
        corpus, material, questions, notes = _corpus(past, next(iter(arms.values())))
        candidates = [each for arm in arms.values() for each in _of_arm(past, arm, questions)]
    if not candidates:
        raise Fault(f"{' '.join(ids)}: the run has neither labels nor answers. Name one that finished (run.py --list)")
    asked = dict.fromkeys(each.item.question for each in candidates if each.item.kind == "answer")
    examined = [question for question in questions.values() if question.question in asked]
    candidates = [*candidates, *candidates_of_questions(examined, material.exam_origin or "exam")]
    return ReviewedItems(
        name=corpus.name if corpus else next(iter(arms.values())).experiment,
        candidates=merged(candidates),
        sections={section.id: section for section in material.sections},
        folder=folder_of(corpus),
        notes=tuple(notes),
    )


def _corpus(past: History, arm: TrackedRun) -> tuple[Corpus | None, Material, dict[str, Question], list[str]]:
    """Read a run's corpus, its exam by id, and notes.

    Where it is gone, items are shown without their sections.
    """
    nothing = Material(sections=(), questions=())
    config = OmegaConf.create(past.tracker.said(arm.id, "config.yaml") or "{}")
    faults: list[str] = []
    if not isinstance(config, DictConfig) or "corpus" not in config:
        return None, nothing, {}, [f"the run {arm.id[:8]} does not tell its corpus, so no section is shown"]
    corpus: Corpus | None = component(config, "corpus", "corpus", faults)
    try:
        if corpus is None:
            raise Fault("; ".join(faults))
        store = LocalStore(Path(past.config.store))
        material = read_corpus(corpus, store)
        return corpus, material, {question.id: question for question in _exam(config, material, store)}, []
    except Fault as fault:
        return corpus, nothing, {}, [f"the corpus of the run can't be read, so no section is shown: {str(fault).splitlines()[0]}"]


def _exam(config: Any, material: Material, store: LocalStore) -> Sequence[Question]:
    """Return a run's exam, also if a model wrote it."""
    exam = component(config, "exam", "exam", []) if "exam" in config else None
    if exam is None:
        return material.questions
    examiner = (
        component(config, "examiner", "examiner", []) if config.get("examiner") else component(config, "teacher", "teacher", [])
    )
    if not exam.asks:
        return made(exam, material, examiner).questions
    kept = kept_exam(store, exam_inputs(exam, material, examiner))
    return kept.questions if kept else ()


def _of_arm(past: History, arm: TrackedRun, questions: Mapping[str, Question]) -> list[Candidate]:
    labels = [_label(row) for row in past.tracker.rows(arm.id, "labels")]
    answers = []
    for row in past.tracker.rows(arm.id, "answers"):
        question = questions.get(str(row["id"])) or _question(row)
        name = arm.name if int(row.get("training") or 1) == 1 else f"{arm.name}, training {row['training']}"
        answers.append(
            Candidate(
                item=answer_item(question, str(row["answer"])),
                origin=arm.name,
                fact=question.fact,
                grades=((name, str(row["grade"])),),
                match=str(row.get("match_grade") or ""),
            )
        )
    return [*candidates_of_labels(labels), *answers]


def _label(row: Row) -> Label:
    return Label(
        question=str(row.get("question") or ""),
        answer=str(row.get("answer") or ""),
        method=str(row.get("method") or ""),
        section=str(row.get("section") or ""),
        category=str(row.get("category") or ""),
        fact=str(row.get("fact") or ""),
        round=int(row.get("round") or 0),
        origin=str(row.get("origin") or ""),
        position=float(row.get("position") or 0),
    )


def _question(row: Row) -> Question:
    """Make a question of an answer's row without its exam."""
    reference, fact = str(row.get("reference") or ""), str(row.get("fact") or "")
    return Question(id=str(row["id"]), question=str(row["question"]), answer=reference, category=str(row["category"]), fact=fact)
