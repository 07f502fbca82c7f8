"""Grading by models that are given a test prompt and say PASS or FAIL, nothing between.

What is graded can't speak for the judge: question, references and answer stand each within tags of their own, and no
text within holds an angle bracket, a control token in square brackets, or PASS or FAIL in capitals. How a reply is read:

1. What a model thinks before it answers (<think>, [THINK] and the like) does not count, nor does thinking that never ends.
2. The last standalone PASS or FAIL in capitals decides; BYPASS, PASS-through and TEST_PASS do not stand alone. In other
   letters it counts only where it is all that the reply says, so "the pass was intercepted" decides nothing.
3. A denied verdict ("not a PASS") and the two named as a choice ("PASS or FAIL", "PASS/FAIL") are no verdict.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar

from pydantic import AfterValidator, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.records import Answer, Grade, Message, Prompt, Question
from runner.data.text import aloud
from runner.model import Model

_VERDICT = r"(?<!\w)(?<!\w-)_*(PASS|FAIL)_*(?!\w|-\w)"  # underscores as in __PASS__
_CHOICE = re.compile(rf"{_VERDICT}\W*(?:/|\||\bor\b|\bnor\b|\band\b)\W*{_VERDICT}")
_DENIED = re.compile(rf"(?:\b(?:not|never|cannot)|n['’]t) +(?:be +)?(?:an? +|the +)?[^\w\n]*{_VERDICT}", re.IGNORECASE)
_BRACKETS = str.maketrans(dict.fromkeys("<＜﹤", "‹") | dict.fromkeys(">＞﹥", "›"))
_CONTROL = re.compile(r"\[(/?[A-Z_]+)\]")  # [/INST], which tokenizers read as a turn's end wherever it stands
_PLACE = re.compile(r"\{(question|reference|answer)\}")


def _complete(prompt: str) -> str:
    if missing := {"{question}", "{reference}", "{answer}"} - set(re.findall(r"\{\w+\}", prompt)):
        raise ValueError(f"expected a prompt with a place for {', '.join(sorted(missing))}")
    return prompt


@component
class Judge:
    """Fills `prompt` with question, references and answer, and takes the majority of `votes` replies.

    A vote that can't be read is asked for `attempts` times in all, then it is missing. The attempt of a vote's first prompt
    is its number, and rises by `votes` each time that it is asked again; so model@judge=panel gives each vote its member.
    """

    asks: ClassVar[bool] = True
    version: ClassVar[int] = 2

    prompt: Annotated[str, AfterValidator(_complete)]
    votes: PositiveInt
    attempts: PositiveInt
    words: PositiveInt
    reply_tokens: PositiveInt

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Pass, fail, or None where no vote could be read or as many say the one as the other."""
        texts = {answer.question: answer.text for answer in answers}
        asked = [self._messages(question, texts[question.id]) for question in questions]
        ballots = [(place, vote) for place in range(len(questions)) for vote in range(self.votes)]
        verdicts: dict[tuple[int, int], bool] = {}
        for attempt in range(self.attempts):
            left = [ballot for ballot in ballots if ballot not in verdicts]
            prompts = [
                Prompt(messages=asked[place], tokens=self.reply_tokens, attempt=attempt * self.votes + vote)
                for place, vote in left
            ]
            for index, reply in judge.ask(prompts):
                if (verdict := _verdict(reply.text)) is not None:
                    verdicts[left[index]] = verdict
        return [
            Grade(question=question.id, passed=_majority(verdicts.get((place, vote)) for vote in range(self.votes)))
            for place, question in enumerate(questions)
        ]

    def guesses(self) -> Guesses:
        """Return the likely replies of a judge, for a forecast."""
        return _PassGuesses()

    def _messages(self, question: Question, answer: str) -> tuple[Message, ...]:
        references = "\n".join((question.answer, *question.aliases))
        texts = {"question": question.question, "reference": references, "answer": _cut(answer, self.words)}
        filled = _PLACE.sub(lambda place: f"<{place[1]}>{_neutral(texts[place[1]])}</{place[1]}>", self.prompt)
        return (Message(role="user", content=filled),)


class _PassGuesses:
    """Guesses that every verdict is PASS. PASS and FAIL have the same length, so the choice does not matter."""

    def learn(self, text: str, reply: str) -> None:
        """What it said before is no matter."""

    def guess(self, text: str) -> str:
        """PASS."""
        return "PASS"


def _neutral(text: str) -> str:
    """The text without what could end its tags or a turn, or be echoed as a verdict."""
    text = _CONTROL.sub(r"‹\1›", text.translate(_BRACKETS))
    return re.sub(_VERDICT, lambda found: found[0].lower(), text)


def _cut(text: str, words: int) -> str:
    """The first so many words of a text, the space between them made one character; 20 characters at most are a word."""
    found = re.findall(r"\s?\S{1,20}", text)
    return "".join(found[:words]).strip() + (" […]" if len(found) > words else "")


def _verdict(reply: str) -> bool | None:
    """What a reply says by rules 1 to 3; None where it can't be read."""
    said = aloud(reply)
    if only := re.fullmatch(r"[\W_]*(pass|fail)[\W_]*", said, re.IGNORECASE):
        return only[1].upper() == "PASS"
    found = re.findall(_VERDICT, _DENIED.sub(" ", _CHOICE.sub(" ", said)))
    return found[-1] == "PASS" if found else None


def _majority(votes: Iterable[bool | None]) -> bool | None:
    """What more votes say; None where there are none, or as many say the one as the other."""
    lead = sum((vote is True) - (vote is False) for vote in votes)
    return lead > 0 if lead else None
