"""Characters: a text in, the same text in one form of characters and with numbers in digits out."""

import re

from runner.data.text import bare, visible
from runner.grader.numbers import in_digits

# Only a text with a 1. and a 2. is a numbered list. A single "2018." at the start of a line is an answer.
_NUMBERED = re.compile(r"^[ \t]*1[.)]\s.*^[ \t]*2[.)]\s", re.MULTILINE | re.DOTALL)
_NUMBERING = re.compile(r"^[ \t]*\d+[.)]\s", re.MULTILINE)
_JOINER = re.compile(r"(?<=\d)[\u200c\u200d]|[\u200c\u200d](?=\d)")  # letters of some scripts need it, numbers never
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT = re.compile(r"(?<=[\w)])([⁰¹²³⁴-⁹⁻]+)([A-Za-z])?")
# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"} | {"æ": "ae", "Æ": "Ae", "œ": "oe"}
)
# The hyphen of rear-view, but not those of an option (--no-version), nor that of a longer name (AHB-Lite).
_HYPHEN = re.compile(r"((?<![\w-])--[\w-]+)|(?<=[^\W\d_])(?!(?<=[A-Z]{2})-[A-Z])-(?=[^\W\d_])")
_REWRITTEN = (
    (re.compile("⁄"), "/"),  # the stroke of ½
    (re.compile(r"\+ ?/ ?-|\bplus or minus\b", re.IGNORECASE), "±"),
    (re.compile(r"\bdegrees? ?(?:(C)elsius|(F)ahrenheit|([CF])\b)", re.IGNORECASE), r"°\1\2\3"),
    (re.compile(r"\bper cent\b", re.IGNORECASE), "percent"),
    (re.compile(r"(?<=\d[snrt][tdh]) c\b\.?"), " century"),  # 12th c.
    (re.compile(r"\b(\d{1,3})V(\d{1,3})\b", re.IGNORECASE), r"\1.\2 V"),  # 3V3
    (re.compile(r"\b(\d{1,3})([kM])(\d{1,2})\b"), r"\1.\3 \2Ω"),  # 4k7
    (re.compile(r"\b(\d{1,3})R(\d{1,2})\b"), r"\1.\2 Ω"),  # 0R5
    (re.compile(r"\b(\d{1,3})([unpμ])(\d{1,2})\b"), r"\1.\3 \2F"),  # 2u2
    (re.compile(r"(?<=\d) ?([kM]) (?=ohms?\b|Ω)"), r" \1"),  # 10k ohm
    (re.compile(r"\b(?:US|U\.S\.) ?(?=dollars?\b|\$)", re.IGNORECASE), ""),
    (re.compile(r"\b(?:United States(?: of America)?|USA|U\.S\.A\.)(?!\w)", re.IGNORECASE), "US"),
    (re.compile(r"\bUnited Kingdom\b", re.IGNORECASE), "UK"),
    (re.compile(r"\b([A-Za-z])\.(?=[A-Za-z]\b|\s|$)"), r"\1"),  # A.J. becomes AJ
    # The number of a footnote behind the year at a sentence's end: in 19781.
    (re.compile(r"\b((?:in|since|until|of) ?(?:1[5-9]|20)\d\d)\d{1,2}(?=\.(?:\s|$))", re.IGNORECASE), r"\1"),
)
_CURRENCIES = (
    (re.compile(r"\bUSD ?(?=\d)", re.IGNORECASE), "$"),
    (re.compile(r"\bEUR ?(?=\d)", re.IGNORECASE), "€"),
    (re.compile(r"\bGBP ?(?=\d)", re.IGNORECASE), "£"),
)


def prepare(text: str) -> str:
    """Reduce a text to one form of characters, with digits.

    Case stays, since mV is not MV. A line ends an item of a list, so it becomes a semicolon.
    """
    text = _JOINER.sub("", visible(text))
    if _NUMBERED.search(text):
        text = _NUMBERING.sub("", text)
    text = _SUPERSCRIPT.sub(_lowered, text.replace("½", " 1/2"))
    text = bare(text.replace("\n", " ; ").replace("—", " - ")).translate(_LETTERS)
    text = _HYPHEN.sub(lambda hyphen: hyphen[1] or " ", text)
    for pattern, form in _REWRITTEN:
        text = pattern.sub(form, text)
    text = in_digits(text)
    for pattern, form in _CURRENCIES:
        text = pattern.sub(form, text)
    return text


def _lowered(power: re.Match[str]) -> str:
    """Write a superscript in plain digits: I²C is a name, m² a power."""
    digits = power[1].translate(_SUPERSCRIPTS)
    return f"{digits}{power[2]}" if power[2] else f"^{digits}"
