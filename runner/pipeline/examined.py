"""Questions to learn in, the reasons to leave some out.

The exam and the general questions are measured. Whatever a training learns of questions is compared here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from runner.config.study import Study
from runner.data.records import Labelling, Ledger
from runner.data.text import normal
from runner.exam_checks.near_duplicates import asked, similar

ASKED, LIKE, GENERAL = "asked in the exam", "like an exam question", "a general question that is measured"


def why_examined(study: Study, texts: Sequence[str]) -> list[str]:
    """Say why each question belongs to the exam.

    "" stands for one that does not.
    """
    exam = study.examined
    reasons = [ASKED if normal(text) in exam else "" for text in texts]
    # One model may have written both exam and labels, and ask the same of the same fact in much the same words. Beside an exam
    # that people wrote, similar questions are only listed, as near-duplicates.
    if study.exam_set.origin:
        questions = [question.question for question in (*study.material.questions, *study.withdrawn)]
        for place, _, _ in similar(texts, questions, study.settings.near):
            reasons[place] = reasons[place] or LIKE
    return reasons


def why_measured(study: Study, texts: Sequence[str]) -> list[str]:
    """Say why each question is measured.

    It belongs to the exam, or is a general one. "" stands for one that is not measured.
    """
    general = general_words(study)
    examined = zip(texts, why_examined(study, texts), strict=True)
    return [reason or (GENERAL if normal(text) in general else "") for text, reason in examined]


def general_words(study: Study) -> frozenset[str]:
    """Return the general questions in normal form."""
    return frozenset(normal(question.question) for question in study.knowledge.questions)


def without_leaks(study: Study, labelling: Labelling) -> Labelling:
    """Leave out labels whose question is in the exam.

    The question of a text is the one that it was written around. A ledger accounts for them.
    """
    reasons = why_examined(study, list(map(asked, labelling.labels)))
    safe = tuple(label for label, reason in zip(labelling.labels, reasons, strict=True) if not reason)
    counts = Counter(reasons)
    filtered = {reason: counts[reason] for reason in ([ASKED, LIKE] if study.exam_set.origin else [ASKED])}
    ledger = Ledger(stage="leaks", requested=len(reasons), kept=len(safe), filtered=filtered)
    return replace(labelling, labels=safe, ledgers=(*labelling.ledgers, ledger))
