"""Words of a text, normalised, so that texts that say the same thing in other clothes compare equal."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from math import prod

from text_to_num import alpha2digit

PER_TOKEN = 4.2  # characters of English, in OpenAI's o200k_base over the shipped corpora's requests; older ones: 4.1 to 4.3
JSON_PER_TOKEN = 3.85  # of the replies to them
FRAME, OPENING = 4, 3  # tokens that OpenAI's servers add for each turn of a chat, and to begin the reply (its cookbook)
TURN = 16  # tokens at most that a server adds for each turn of a chat

_ARTICLES = {"a", "an", "the"}
_TOKEN = re.compile(r"\w+|[^\w\s]")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
UNITS = {
    "kilometre": "km kilometer kilometers kilometres",
    "metre": "m meter meters metres",
    "centimetre": "cm centimeter centimeters centimetres",
    "millimetre": "mm millimeter millimeters millimetres",
    "mile": "mi miles",
    "yard": "yd yds yards",
    "foot": "ft feet",
    "kilogram": "kg kilograms kilogramme kilogrammes",
    "gram": "g grams gramme grammes",
    "second": "s sec secs seconds",
    "minute": "min mins minutes",
    "hour": "h hr hrs hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "percent": "% percentage",
    "volt": "v volts",
    "hertz": "hz",
    "megahertz": "mhz",
    "gigahertz": "ghz",
    "byte": "bytes",
    "bit": "bits",
}
_UNIT = {name: unit for unit, names in UNITS.items() for name in (unit, *names.split())}
_POWERS = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_POWER = re.compile(rf"\b(\d+(?:\.\d+)?)((?:[ -](?:{'|'.join(_POWERS)})\b)+)")
_ARTICLE = re.compile(r"\b(?:(?i:the|an)|a|(?<!\w )A) (?=\w)")
_NUMBERED = re.compile(r"^\s*1[.)]\s.*^\s*2[.)]\s", re.MULTILINE | re.DOTALL)
_ACCENTS = re.compile("[\u0300-\u06ff]")  # and the points of Hebrew and Arabic; later marks are vowels, or tell カ from ガ
_VOWELS = "".join(chr(code) for code in range(0x700, 0x3100) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
_LETTERS = rf"[^\W\d_]+(?:[{_VOWELS}]+[^\W\d_]*)*"
_SAME = str.maketrans({"≤": "<=", "≥": ">=", "×": "*", "♯": "#"})
_BASED = re.compile(r"\b(?:0|\d+'s?(?=[hb]))(?:[xh]([\da-f][\da-f_]*)|b([01][01_]*))\b")  # 0x1f, 8'h1f, 0b10, 2'b10
_WORD = re.compile(
    rf"\b0[xb][\da-f]+\b|(?:(?<![\w)])-)?\d+(?:[.-]\d+)*"
    rf"|{_LETTERS}(?:\+\+(?![^\W\d_])|[+#♭](?![\w+#]))?"  # C++, C#, A+
    r"|[%,;/•$€£¥]|\|\|?|[-!:]?[<>=&+^]+|(?<!\*)\*=?(?!\*)|[!~](?=[^\W\d_])"
)
MARKS = {",", ";", "/", "|", "||", "•"}  # that end an item of a list
_SYMBOL = r"[#$%&*+<=>@^|~¢-¥°±÷\u20a0-\u20cf\u2190-\u2bff\U0001f000-\U0001faff]"
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\w*])")
_TERM = re.compile(
    rf"(?:(?<![\w).-])(?<!\d )-?\.?(?=\d))?[\w{_VOWELS}]+(?:(?<=\d)\.(?=\d)[\w{_VOWELS}]+)*"  # -5, 1.5
    rf"|(?:[!:](?==)|-)?{_SYMBOL}(?:{_SYMBOL}|-(?!\d))*"  # C++, !=, ->
    r"|(?<![^\W\d_/])/++(?![^\W\d_])|(?<![\w!])!(?=[\w(])|\(\)|\[\]|\{\}"  # 6/2, !x
    r"|(?<=\s['\"])[!?.,:;]+(?=['\"])"  # "?"
)
_THOUGHT = r"[<\[]{}(?:think|thinking|thought|reasoning)[>\]]"
_THOUGHT_BEGINS = re.compile(_THOUGHT.format(""), re.IGNORECASE)
_THOUGHT_ENDS = re.compile(_THOUGHT.format("/"), re.IGNORECASE)


def undated(name: str) -> str:
    """A model's id without the date that ends it: gpt-5-mini for gpt-5-mini-2025-08-07."""
    return re.sub(r"-\d{4}-\d{2}-\d{2}$", "", name)


def bare(text: str) -> str:
    """The text without accents, with one kind of dash, quote, space, ≤, ≥ and ≠; capitals stay."""
    parts = unicodedata.normalize("NFKD", text).replace("=\u0338", "!=").translate(_SAME)
    parts = _ACCENTS.sub(lambda found: "" if unicodedata.combining(found[0]) else found[0], parts)
    parts = re.sub("[“”„‟]", '"', re.sub("[‘’`´]", "'", parts))
    return re.sub(r"\s+", " ", re.sub("[‐-―−]", "-", parts)).strip()


def plain(text: str) -> str:
    """The bare text in lower case."""
    return bare(text).casefold()  # last: taking characters apart may bring capitals back


def normal(text: str) -> str:
    """The text's words in lower case, without punctuation and articles; equal for questions that are the same.

    What tells one question from another stays: symbols (&&, C++, x > 3), signs, decimal points, and punctuation in quotes.
    """
    text = plain(text)
    terms = _TERM.findall(re.sub(r"(?<=\w)'|'(?=\w)", "", _EMPHASIS.sub(r"\2", text)))
    return " ".join(term for term in terms if term not in _ARTICLES) or text


def aloud(reply: str) -> str:
    """What a model says after it has thought (<think>, [THINK] and the like); nothing where its thinking never ends."""
    return _THOUGHT_BEGINS.split(_THOUGHT_ENDS.split(reply)[-1])[0]


def count(text: str) -> int:
    """How many words and punctuation marks a text holds: the tokens that the size of a labelling is measured in."""
    return len(_TOKEN.findall(text))


def words(text: str) -> list[str]:
    """The words of a text as they are compared, by rules 1 to 3 of runner/grader/match.py.

    No case, accents, articles or possessives; number words are digits, a score is one word, dates and units have one form.
    """
    return [token for token in marked(text) if spoken(token)]


def spoken(token: str) -> bool:
    """Whether a token is a word, and no mark or symbol."""
    return token == "%" or token[0].isalnum() or token[-1].isalnum()


def numeric(word: str) -> bool:
    """Whether a word is a number; 0x1f is one."""
    return word.lstrip("-")[:1].isdigit()


def marked(text: str) -> list[str]:
    """The words and, where they stand between them, the marks that end an item, and symbols such as < or &&."""
    if _NUMBERED.search(text):
        text = re.sub(r"^\s*\d+[.)]\s", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])", " ", bare(text.replace("\n", " ; ")))
    text = _ARTICLE.sub("", text).casefold()
    text = _BASED.sub(_based, text)
    text = re.sub(r"\b([a-z])\.(?=[a-z]\.|\s|$)", r"\1", text)  # initials: a.j. is aj
    text = re.sub(r"'s?\b", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = alpha2digit(_POWER.sub(_multiplied, text), "en", threshold=0)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"\1", text)
    text = re.sub(r"\b(\d+)\s*(?:-|:|\bto\b)\s*(\d+)\b", r"\1-\2", text)
    text = re.sub(r"\bminus (?=\d)", "-", text)
    text = re.sub(rf"\b(\d{{1,2}})(?: of)? ({_MONTHS})\b", r"\2 \1", text)
    found = _WORD.findall(text)
    return [_UNIT.get(word, word) if index and numeric(found[index - 1]) else word for index, word in enumerate(found)]


def _based(found: re.Match[str]) -> str:
    """A hexadecimal or binary number as Python writes it: 0x1f for 0x0000_001F and 8'h1F."""
    return hex(int(found[1], 16)) if found[1] else bin(int(found[2], 2))


def _multiplied(found: re.Match[str]) -> str:
    """The digits of "1.5 million", which alpha2digit reads as two numbers."""
    product = Decimal(found[1]) * prod(_POWERS[power] for power in re.split("[ -]", found[2])[1:])
    return f"{product.normalize():f}"


def most_tokens(turns: Sequence[str]) -> int:
    """How many tokens the turns of a chat can take at most: none holds less than a byte."""
    return sum(len(turn.encode("utf-8", "surrogatepass")) + TURN for turn in turns)
