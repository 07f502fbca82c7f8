"""Labels and questions in, those within the context out."""

import logging
from dataclasses import replace

from runner.config.study import Study
from runner.data.records import Labelling, Ledger, Prompt
from runner.errors import Fault
from runner.model import Limited
from runner.pipeline.judged_replies import learned_of_people
from runner.pipeline.prompts import bare_prompt, text_asked

log = logging.getLogger("runner")


def without_long_labels(study: Study, labelling: Labelling) -> Labelling:
    """Leave out labels that the student can't read whole.

    A ledger accounts for them.
    """
    chats = [(bare_prompt(study, label.question), label.answer) for label in labelling.labels]
    if not isinstance(study.model, Limited) or not (long := study.model.too_long(chats)):
        return labelling
    # Not cut: a reply without its end teaches the model to end in the middle of a sentence.
    log.warning(
        "%d of %d labels are left out: %s reads %d tokens, and the longest of them has %d",
        *(len(long), len(chats), study.model.name, study.model.context(), max(long.values())),
    )
    kept = tuple(label for place, label in enumerate(labelling.labels) if place not in long)
    reason = {"longer than the context of the model": len(long)}
    ledger = Ledger(stage="context", requested=len(chats), kept=len(kept), filtered=reason)
    return replace(labelling, labels=kept, ledgers=(*labelling.ledgers, ledger))


def check_questions(study: Study) -> None:
    """Raise a Fault if a question exceeds the context."""
    if not isinstance(study.model, Limited):
        return
    questions = [*study.material.questions, *study.withdrawn, *study.knowledge.questions]
    chats: list[tuple[Prompt, str | None]] = [(bare_prompt(study, text_asked(question)), None) for question in questions]
    names = [f"the question {question.id!r}" for question in questions]
    chats += [(bare_prompt(study, question), answer) for question, answer in study.general_pairs]
    names += [f"the general pair {question[:40]!r}" for question, _ in study.general_pairs]
    judged = learned_of_people(study)
    chats += [(lesson.prompt, lesson.reply) for lesson in judged]
    names += [f"a reply of preferences or grades to {lesson.prompt.messages[-1].content[:40]!r}" for lesson in judged]
    if long := study.model.too_long(chats):
        place = min(long)
        raise Fault(
            f"{names[place]} needs {long[place]} tokens with its reply, and {study.model.name} reads {study.model.context()} "
            f"(so do {len(long)} of {len(chats)}). Shorten it, lower reply_tokens (now {study.settings.reply_tokens}), or take a "
            "model with a longer context"
        )
