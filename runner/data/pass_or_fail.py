"""A judge's PASS or FAIL: texts in, as a judge is shown them; requests in, verdicts out.

A text cannot give orders to the judge. Each is put within tags of its own, and angle brackets, control tokens in square brackets,
and PASS and FAIL in capitals are replaced within them.

A reply is read by three rules:

1. The model's thinking (`runner.data.thinking`) does not count, even if it never ends.
2. What a reply calls its verdict decides: a line that begins with "Verdict:", or "verdict" as a key of JSON. At the end of the
   reply it may be in any letters.
3. Without that, the last PASS or FAIL in capitals that is a word of its own decides. BYPASS, PASS-through and TEST_PASS are other
   words. In other letters the word counts only if it is the whole reply, so "the pass was intercepted" decides nothing.
4. A denied verdict ("not a PASS"), one that is only possible ("to PASS, it needs a unit") and a choice ("PASS or FAIL",
   "PASS/FAIL") are no verdict.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from runner.data.records import Grade, Prompt, Reply
from runner.data.thinking import aloud

# With underscores, since models write __PASS__ for bold type.
_VERDICT = r"(?<!\w)(?<!\w-)_*(PASS|FAIL)_*(?!\w|-\w)"
_CHOICE = re.compile(rf"{_VERDICT}\W*(?:/|\||\bor\b|\bnor\b|\band\b)\W*{_VERDICT}")
_NO_VERDICT = re.compile(
    r"(?:\b(?:not|no|never|cannot|rather than|instead of|to|would|could|should|might|may)|n['’]t) +"
    rf"(?:be +)?(?:an? +|the +)?[^\w\n]*{_VERDICT}",
    re.IGNORECASE,
)
# In capitals anywhere, since a quoted answer has none; in other letters only at the end, as an answer may have such a line too.
_CALLED = re.compile(
    r"(?i:^\W*(?:final )?verdict|\"verdict)\W*:\W*(PASS|FAIL)(?:ED)?\b(?!-\w|\W*(?:/|\||\bor\b)\W*(?:PASS|FAIL))", re.MULTILINE
)
_CALLED_LAST = re.compile(
    r"(?:^\W*(?:final )?verdict|^\W*\{.*(?<!\\)\"verdict)\W*:\W*(pass|fail)(?:ed)?\W*\Z", re.IGNORECASE | re.MULTILINE
)
# Tokenizers that normalise their text turn the wide brackets into plain ones.
_BRACKETS = str.maketrans(dict.fromkeys("<＜﹤", "‹") | dict.fromkeys(">＞﹥", "›"))
# Such as [/INST], which the tokenizers of some models read as the end of a turn, wherever it is.
_CONTROL = re.compile(r"\[(/?[A-Z_]+)\]")


def tagged(prompt: str, texts: Mapping[str, str]) -> str:
    """Put each text within tags at its place.

    The place of the text `answer` is {answer}.
    """
    places = re.compile(rf"\{{({'|'.join(texts)})\}}")
    # In one pass, so that a {reference} within an answer stays as it is.
    return places.sub(lambda place: f"<{place[1]}>{_neutral(texts[place[1]])}</{place[1]}>", prompt)


def _neutral(text: str) -> str:
    """Replace what could act on the judge.

    That is what could end the tags or the turn. PASS and FAIL go to lower case: a judge that quotes the answer would
    otherwise give a verdict with it.
    """
    text = _CONTROL.sub(r"‹\1›", text.translate(_BRACKETS))
    return re.sub(_VERDICT, lambda match: match[0].lower(), text)


def ask_until_read(
    ask: Callable[[Sequence[Prompt]], Iterable[tuple[int, Reply]]],
    prompt: Callable[[int, int], Prompt],
    number: int,
    attempts: int,
) -> list[tuple[bool | None, str]]:
    """Ask for verdicts; ask again where a reply can't be read.

    `prompt` makes the request of a place below `number` and an attempt. Returns each place's verdict, None without one, and the
    words of its last reply.
    """
    replies: list[tuple[bool | None, str]] = [(None, "")] * number
    for attempt in range(attempts):
        missing = [place for place, (passed, _) in enumerate(replies) if passed is None]
        for index, reply in ask([prompt(place, attempt) for place in missing]):
            text = aloud(reply.text).strip()
            replies[missing[index]] = verdict(text), text
    return replies


def unread_advice(unread: Iterable[Grade], settings: str, tied: bool = False) -> str:
    """Say what to do about replies without a verdict.

    `settings` is where the judge's prompt is set, such as "grader". `tied` is true if equal votes may be the reason too.
    """
    # A reply without words is that of a model which had no tokens left after its thinking.
    if text := next((grade.why for grade in unread if grade.why), ""):
        return (
            f"One reply began {text[:80]!r}. Take another model@judge, or a {settings}.prompt that asks it for PASS or FAIL alone"
        )
    replies = "The votes were equal, or the replies" if tied else "The replies"
    return f"{replies} held thinking alone, or nothing. Allow longer ones ({settings}.reply_tokens), or take another model@judge"


@dataclass(frozen=True)
class PassGuesses:
    """Guesses that every verdict is PASS, for a forecast.

    PASS and FAIL have the same length, so for the tokens the choice does not matter.
    """

    reason: str  # a sentence of usual length

    def learn(self, text: str, reply: str) -> None:
        """Ignore earlier replies."""

    def guess(self, text: str) -> str:
        """Return a reason and PASS, as the shipped prompts ask."""
        return f"Reason: {self.reason}\nVerdict: PASS"


def verdict(text: str) -> bool | None:
    """Read the verdict of a reply; None if there is none."""
    if only := re.fullmatch(r"[\W_]*(pass|fail)[\W_]*", text, re.IGNORECASE):
        return only[1].upper() == "PASS"
    # The last one, since a model often discusses the other verdict first.
    verdicts = _CALLED.findall(text) or _CALLED_LAST.findall(text)
    verdicts = verdicts or re.findall(_VERDICT, _NO_VERDICT.sub(" ", _CHOICE.sub(" ", text)))
    return verdicts[-1].upper() == "PASS" if verdicts else None
