"""A judge's PASS or FAIL: texts in, the same as a judge is shown them; replies in, verdicts out.

A text cannot give orders to the judge. Each is put within tags of its own, and angle brackets, control tokens in square brackets,
and PASS and FAIL in capitals are replaced within them.

A reply is read by two rules:

1. The last PASS or FAIL in capitals that is a word of its own decides. BYPASS, PASS-through and TEST_PASS are other words. In
   other letters the word counts only if it is the whole reply, so "the pass was intercepted" decides nothing.
2. A denied verdict ("not a PASS") and a choice ("PASS or FAIL", "PASS/FAIL") are no verdict.
"""

import re
from collections.abc import Mapping

# With underscores, since models write __PASS__ for bold type.
_VERDICT = r"(?<!\w)(?<!\w-)_*(PASS|FAIL)_*(?!\w|-\w)"
_CHOICE = re.compile(rf"{_VERDICT}\W*(?:/|\||\bor\b|\bnor\b|\band\b)\W*{_VERDICT}")
_DENIED = re.compile(rf"(?:\b(?:not|never|cannot)|n['’]t) +(?:be +)?(?:an? +|the +)?[^\w\n]*{_VERDICT}", re.IGNORECASE)
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


def verdict(text: str) -> bool | None:
    """Read the verdict of a reply; None if there is none."""
    if only := re.fullmatch(r"[\W_]*(pass|fail)[\W_]*", text, re.IGNORECASE):
        return only[1].upper() == "PASS"
    # The last one, since a model often discusses the other verdict first.
    verdicts = re.findall(_VERDICT, _DENIED.sub(" ", _CHOICE.sub(" ", text)))
    return verdicts[-1] == "PASS" if verdicts else None
