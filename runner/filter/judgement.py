"""A judge's verdicts on labels: labels that a rule would drop in, a grade of each out.

Texts of a label and its section are put within tags, and replies are read, as those of `grader=judge`: see
`runner.data.pass_or_fail`.
"""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.pass_or_fail import PassGuesses, ask_until_read, tagged
from runner.data.records import Grade, Label, Message, Prompt, Section
from runner.data.templates import with_places
from runner.model import Model


@component
class Judgement:
    """A question about labels, answered PASS or FAIL.

    A reply that cannot be read is asked for again, `attempts` times in all.
    """

    asks: bool  # false keeps to the rule
    prompt: Annotated[str, with_places("question", "answer")]
    attempts: PositiveInt
    reply_tokens: PositiveInt

    def grade(self, labels: Sequence[Label], sections: Sequence[Section], purpose: str, judge: Model) -> list[Grade]:
        """Ask about each label; None where no reply could be read."""
        by_id = {section.id: section for section in sections}
        messages = [(Message(role="user", content=self._filled(label, by_id.get(label.section), purpose)),) for label in labels]

        def prompt(place: int, attempt: int) -> Prompt:
            return Prompt(messages=messages[place], tokens=self.reply_tokens, attempt=attempt)

        replies = ask_until_read(judge.ask, prompt, len(labels), self.attempts)
        return [
            Grade(question=label.question, passed=passed, why=why) for label, (passed, why) in zip(labels, replies, strict=True)
        ]

    def guesses(self) -> Guesses:
        """Return the likely replies of a judge, for a forecast."""
        # Every label is kept: the most that is trained on.
        return PassGuesses("The section says so in other words, and nothing in it says otherwise.")

    def _filled(self, label: Label, section: Section | None, purpose: str) -> str:
        own = {"title": section.title, "heading": section.heading, "text": section.text} if section else {}
        texts = {"title": "", "heading": "", "text": "", **own, "purpose": purpose}
        return tagged(self.prompt, {**texts, "question": label.question, "answer": label.answer})


def _if_asking(judgement: Judgement | None) -> Judgement | None:
    return judgement if judgement and judgement.asks else None


# None where the judge is not asked: its prompt decides nothing then, and labels that were filtered without it are found again.
AskedJudgement: TypeAlias = Annotated[Judgement | None, AfterValidator(_if_asking)]
