"""Numbers in texts: number words to digits, literals and Roman numerals to values."""

import re
from fractions import Fraction
from math import prod

from text_to_num import alpha2digit

from runner.data.text import POWERS

# text2num reads "1.5 million" as two numbers, so these products are computed here.
_POWER = re.compile(rf"\b(\d[\d,]{{0,20}}(?:\.\d{{1,20}})?)((?:[ -](?:{'|'.join(POWERS)})\b)+)", re.IGNORECASE)
_SMALL = {
    name: place for place, name in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
}
_COUNT = rf"\b(\d{{1,9}}|{'|'.join(_SMALL)})"
_PARTS = {"hal": 2, "thi": 3, "qua": 4, "fou": 4, "fif": 5, "six": 6, "sev": 7, "eig": 8, "nin": 9, "ten": 10}
_PART = "half|halves|(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?"
_FRACTION = re.compile(rf"{_COUNT}[- ]({_PART})\b(?![- ](?:place|round|time|of a))", re.IGNORECASE)
_AND_HALF = re.compile(rf"{_COUNT} and a half\b", re.IGNORECASE)
_UNIT_AND_HALF = re.compile(r"\ban? ([a-z]+) and a half\b", re.IGNORECASE)
_HALF_A = re.compile(r"\bhalf an? (?=[a-z])", re.IGNORECASE)
_HUNDREDS = {"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
_DECADES = {"twen": 2, "thir": 3, "for": 4, "fif": 5, "six": 6, "seven": 7, "eigh": 8, "nine": 9}
_DECADE = re.compile(rf"\b({'|'.join(_HUNDREDS)})[- ]({'|'.join(_DECADES)})ties\b", re.IGNORECASE)
# These words are no numbers: "no one", "one of them", and the second that is a unit.
_WORDS = re.compile(
    r"(\b(?:no|any|every|some|each|this|that|the)[- ]one\b|\bone(?= of\b| another\b| who\b| that\b)"
    r"|(?<=\d )second\b|(?<=\d-)second\b|(?<=\bper )second\b|(?<=\ba )second\b(?! [a-z])"
    r"|\bMay\b)",
    re.IGNORECASE,
)
_MINUS = re.compile(r"\b(?:minus|negative) (?=\d)", re.IGNORECASE)
_ROMAN = re.compile(r"(?=[IVXLC])C{0,3}(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})")
_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LONGEST = 60  # digits; a longer number is compared as a word


def in_digits(text: str) -> str:
    """Write the number words of a text in digits."""
    text = _DECADE.sub(lambda words: f"{_HUNDREDS[words[1].lower()]}{_DECADES[words[2].lower()]}0s", text)
    text = _UNIT_AND_HALF.sub(r"1.5 \1", text)
    text = _AND_HALF.sub(lambda words: f"{_count(words[1])}.5", text)
    text = _FRACTION.sub(lambda words: f"{_count(words[1])}/{_PARTS[words[2].lower()[:3]]}", text)
    text = _POWER.sub(_multiplied, _HALF_A.sub("0.5 ", text))
    # By default text2num leaves a lone "one" or "two" as a word.
    parts = _WORDS.split(text)
    parts[::2] = [alpha2digit(part, "en", threshold=0) if part.strip() else part for part in parts[::2]]
    return _MINUS.sub("-", _POWER.sub(_multiplied, "".join(parts)))


def _count(word: str) -> int:
    """Return the value of a small number."""
    return int(word) if word.isdigit() else _SMALL[word.lower()]


def _multiplied(words: re.Match[str]) -> str:
    """Write "1.5 million" in digits."""
    product = Fraction(words[1].replace(",", "")) * prod(POWERS[power.lower()] for power in re.split("[ -]", words[2])[1:])
    # Python refuses to write a number of more than 4,300 digits, and a model may repeat "million" without end.
    if product >= 10**_LONGEST:
        return words[0]
    return str(product) if product.denominator == 1 else str(float(product))


def value_of(literal: str) -> Fraction | None:
    """Return the value of a number: 3.30, 88,966, 1/2, 3e6, 0x40, 8'hFF, 40h or 2'b10.

    Return None for a number that is too long to compute with, and for another text (1/2.0).
    """
    text = literal.lower().replace("_", "").replace(" ", "").lstrip("+")
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("-")
    if len(text) > _LONGEST:
        return None
    if based := re.fullmatch(r"(?:0(?=[xbo])|\d*'s?)([xhbod])([\da-f]+)", text):
        base = {"x": 16, "h": 16, "b": 2, "o": 8, "d": 10}[based[1]]
        return _whole(based[2], base, sign)
    if re.fullmatch(r"\d[\da-f]*h", text):
        return _whole(text[:-1], 16, sign)
    text = re.sub(r"[x*]10\^", "e", text)
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3}){2,}", text):
        return sign * Fraction(text.replace(".", ""))  # 1.250.000, as much of Europe writes it
    # The comma of 88,966 goes, and that of 3,3 becomes a point.
    text = re.sub(r",(?=\d{3}(?!\d))", "", text).replace(",", ".")
    parts = re.fullmatch(r"(\d*(?:\.\d+)?)(?:/(\d+))?(?:e([+-]?\d{1,2}))?", text)
    if not parts:
        return None
    number, under, power = parts.groups()
    return sign * Fraction(number or 0) * Fraction(10) ** int(power or 0) / (int(under or 1) or 1)


def _whole(digits: str, base: int, sign: int) -> Fraction | None:
    """Return the value of digits to a base, or None."""
    try:
        return Fraction(sign * int(digits, base))
    except ValueError:
        return None


def roman(word: str) -> int | None:
    """Return the value of a Roman numeral below 400."""
    if not _ROMAN.fullmatch(word):
        return None
    digits = [_DIGITS[letter] for letter in word]
    return sum(-digit if digit < after else digit for digit, after in zip(digits, [*digits[1:], 0], strict=True))
