"""Facts in, checked questions about them out."""

from collections.abc import Mapping, Sequence

from runner.data.records import AtomicFact, Label, Question, Section, digest
from runner.data.templates import fill
from runner.data.text import normal
from runner.exam_writing.label_leaks import like_a_label
from runner.exam_writing.question_check import checked, fault_at_sight
from runner.exam_writing.writing_settings import WritingSettings
from runner.method.asking import Inquiry, Tally, ask, tell_unread
from runner.method.forms import Pair
from runner.method.reading import Reading
from runner.method.templates import named
from runner.model import Model


class QuestionWriting:
    """The requests that write questions and check them.

    No two of its questions are the same.
    """

    def __init__(
        self, settings: WritingSettings, sections: Mapping[str, Section], labels: Sequence[Label], purpose: str, examiner: Model
    ) -> None:
        """Begin without a request; questions like those of `labels` are dropped."""
        self.settings, self.sections, self.labels = settings, sections, labels
        self.purpose, self.examiner = purpose, examiner
        self.tally, self._asked = Tally("exam: questions"), set[str]()
        self.example = ""  # a sentence on the first question that was dropped

    def write(self, facts: Sequence[AtomicFact]) -> list[list[Question]]:
        """Write the questions of each fact; some may get none."""
        settings, wanted = self.settings, self.settings.asked
        inquiries = [self._inquiry(fact, wanted) for fact in facts]
        readings = ask(self.examiner, inquiries, Pair, settings.reply_tokens, settings.again)
        tell_unread(self.examiner, "questions", readings)
        groups = [self._read(fact, reading, wanted) for fact, reading in zip(facts, readings, strict=True)]
        faults, again = checked(
            groups, self.sections, settings.check_prompt, settings.reply_tokens, settings.again, self.examiner
        )
        self.tally.again += again + sum(reading.retries for reading in readings)
        return [self._chosen(group, faults) for group in groups]

    def _inquiry(self, fact: AtomicFact, wanted: int) -> Inquiry:
        section = self.sections[fact.section]
        values = {**named(section), "text": section.text, "purpose": self.purpose, "fact": fact.text, "questions": wanted}
        return Inquiry(fill(self.settings.questions_prompt, **values), entries=wanted)

    def _read(self, fact: AtomicFact, reading: Reading[Pair], wanted: int) -> list[Question]:
        """Return the questions of a reply that can be checked."""
        self.tally.requested += max(wanted, len(reading.entries))
        if len(reading.entries) < wanted:
            self.tally.failed[reading.fault or "fewer than asked for"] += wanted - len(reading.entries)
        made = [_question(fact, pair) for pair in reading.entries]
        leaked, sound = like_a_label(made, self.labels, self.settings.near), list[Question]()
        for question in made:
            words = normal(question.question)
            reason = fault_at_sight(question, self.settings.longest)
            reason = reason or ("duplicate" if words in self._asked else "like a label" if question.id in leaked else "")
            if reason:
                self._drop(question, reason)
            else:
                self._asked.add(words)
                sound.append(question)
        return sound

    def _chosen(self, group: Sequence[Question], faults: Mapping[str, str]) -> list[Question]:
        chosen: list[Question] = []
        for question in group:
            reason = faults[question.id] or ("spare" if len(chosen) == self.settings.questions else "")
            if reason == "not checked":
                self.tally.failed[reason] += 1
            elif reason:
                self._drop(question, reason)
            else:
                chosen.append(question)
        self.tally.kept += len(chosen)
        return chosen

    def _drop(self, question: Question, reason: str) -> None:
        self.tally.filtered[reason] += 1
        self.example = (
            self.example or f" It wrote {question.question[:200]!r} with the answer {question.answer[:200]!r} ({reason})."
        )


def _question(fact: AtomicFact, pair: Pair) -> Question:
    # As in a table of questions, | stands between the ways to write an answer.
    answer, *aliases = [part.strip() for part in pair.answer.split("|")]
    text = pair.question.strip()
    return Question(
        id=digest([text, fact.section, fact.text])[:12],
        question=text,
        answer=answer,
        category=fact.category,
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias and alias != answer)),
        section=fact.section,
        fact=fact.text,
    )
