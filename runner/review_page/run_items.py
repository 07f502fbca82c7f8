"""A run's id in, its labels, questions and answers out."""

from collections.abc import Sequence
from itertools import chain

from omegaconf import DictConfig, OmegaConf

from runner.commands.tracked_runs import History, history
from runner.config.components import component
from runner.config.sections import read_corpus
from runner.corpus import Corpus
from runner.data.records import Label, Material, Question
from runner.data.reviews import answer_item
from runner.errors import Fault
from runner.review_page import Candidate
from runner.review_page.gathered import ReviewedItems, candidates_of_labels, candidates_of_questions, folder_of, merged
from runner.review_page.run_exam import ExamsOfToday, Row, as_asked, change_note, exams_of_today
from runner.store import Store
from runner.store.choose import open_store
from runner.tracker import TrackedRun


def run_items(words: Sequence[str]) -> ReviewedItems:
    """Gather the items of a tracked run; of a sweep, those of its arms.

    `words` are an id or key, and overrides such as tracker.uri=...
    """
    ids = [word for word in words if "=" not in word]
    with history([word for word in words if "=" in word]) as past:
        arms = {arm.id: arm for word in ids for arm in past.arms(past.find(word))}
        if not arms:
            raise Fault(f"{' '.join(ids)}: the sweep has no arm yet")
        store = open_store(past.config.store)
        corpus, material, exams, notes = _corpus(past, next(iter(arms.values())), store)
        labels = [_label(row) for arm in arms.values() for row in past.tracker.rows(arm.id, "labels")]
        answers = {arm.id: past.tracker.rows(arm.id, "answers") for arm in arms.values()}
    candidates, changed = candidates_of_labels(labels), dict[str, list[Question]]()
    for arm in arms.values():
        exam = arm.tags.get("runner.exam", "")
        questions = as_asked(answers[arm.id], exam, exams)
        candidates += [_answer(arm, row, questions[str(row["id"])]) for row in answers[arm.id]]
        if answers[arm.id] and exams.questions and exams.taken(exam) is None:
            changed[arm.name] = list(questions.values())
    if not candidates:
        raise Fault(f"{' '.join(ids)}: the run has neither labels nor answers. Name one that finished (run.py --list)")
    if changed:
        notes.append(change_note(list(changed), chain.from_iterable(changed.values()), exams))
    asked = {str(row["id"]) for rows in answers.values() for row in rows}
    examined = [question for question in exams.questions if question.id in asked]
    candidates += candidates_of_questions(examined, material.exam_origin or "exam")
    return ReviewedItems(
        name=corpus.name if corpus else next(iter(arms.values())).experiment,
        candidates=merged(candidates),
        sections={section.id: section for section in material.sections},
        store=store,
        folder=folder_of(corpus),
        notes=tuple(notes),
    )


def _corpus(past: History, arm: TrackedRun, store: Store) -> tuple[Corpus | None, Material, ExamsOfToday, list[str]]:
    """Read a run's corpus, today's exam and notes.

    Where it is gone, items are shown without their sections.
    """
    nothing = Material(sections=(), questions=())
    config = OmegaConf.create(past.tracker.said(arm.id, "config.yaml") or "{}")
    faults: list[str] = []
    if not isinstance(config, DictConfig) or "corpus" not in config:
        reason = f"the run {arm.id[:8]} does not tell its corpus, so no section is shown"
        return None, nothing, ExamsOfToday(), [reason]
    corpus: Corpus | None = component(config, "corpus", "corpus", faults)
    try:
        if corpus is None:
            raise Fault("; ".join(faults))
        material = read_corpus(corpus, store)
        return corpus, material, exams_of_today(config, corpus, material, store), []
    except Fault as fault:
        reason = f"the corpus of the run can't be read, so no section is shown: {str(fault).splitlines()[0]}"
        return corpus, nothing, ExamsOfToday(), [reason]


def _answer(arm: TrackedRun, row: Row, question: Question) -> Candidate:
    name = arm.name if int(row.get("training") or 1) == 1 else f"{arm.name}, training {row['training']}"
    return Candidate(
        item=answer_item(question, str(row["answer"])),
        origin=arm.name,
        fact=question.fact,
        grades=((name, str(row["grade"])),),
        match=str(row.get("match_grade") or ""),
    )


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
