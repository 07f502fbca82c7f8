"""Text rules: texts in, normalised words and token counts out.

Two texts that say the same in another form compare as equal. Tokens are counted for sizes, budgets and rate limits.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import prod

from text_to_num import alpha2digit

# Characters of English in a token, measured with OpenAI's o200k_base on all requests of the shipped corpora. Its older
# encodings gave 4.1 to 4.3. Replies are JSON, whose quotes and braces cost more tokens.
PER_TOKEN = 4.2
JSON_PER_TOKEN = 3.85
# Tokens that OpenAI's servers add for each turn of a chat, and to begin the reply (OpenAI Cookbook, "How to count tokens").
FRAME, OPENING = 4, 3
# Most tokens that any server adds for a turn. A budget must never be exceeded, so it counts with this and not with FRAME.
TURN = 16

_ARTICLES = {"a", "an", "the"}
_TOKEN = re.compile(r"\w+|[^\w\s]")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
# Each unit with its other names. They are compared only behind a number: "m" alone is a letter.
_UNITS = {
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
_UNIT = {name: unit for unit, names in _UNITS.items() for name in (unit, *names.split())}
# text2num reads "1.5 million" as two numbers, 1.5 and 1000000; so these products are computed here.
POWERS = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_POWER = re.compile(rf"\b(\d+(?:\.\d+)?)((?:[ -](?:{'|'.join(POWERS)})\b)+)")
# A capital A behind a word is a name (Group A, Vitamin A), not an article.
_ARTICLE = re.compile(r"\b(?:(?i:the|an)|a|(?<!\w )A) (?=\w)")
# Only a text with a 1. and a 2. is a numbered list. A single "2018." at the start of a line is an answer.
_NUMBERED = re.compile(r"^\s*1[.)]\s.*^\s*2[.)]\s", re.MULTILINE | re.DOTALL)
# Accents, and the points of Hebrew and Arabic, which people leave out when they type. Combining marks above this range are
# kept: in Indic scripts they are vowels, and in Japanese they tell カ from ガ.
_ACCENTS = re.compile("[\u0300-\u06ff]")
# Python's \w does not match those vowels, so patterns name them.
VOWELS = "".join(chr(code) for code in range(0x700, 0x3100) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Japanese and Chinese.
SIGNS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SIGN, _SIGNS = re.compile(f"[{SIGNS}]"), re.compile(f"([{SIGNS}]+)")
_TOKEN_OR_SIGN = re.compile(rf"[{SIGNS}]|[^\W{SIGNS}]+|[^\w\s]")
_OTHERWISE = re.compile(f"[\u0300-\u036f\u0591-\u06ff{SIGNS}{VOWELS}]")
_LETTERS = rf"[^\W\d_]+(?:[{VOWELS}]+[^\W\d_]*)*"
_SAME = str.maketrans({"≤": "<=", "≥": ">=", "×": "*", "♯": "#"})
# C writes 0x1f and 0b10, Verilog 8'h1f and 2'b10.
_BASED = re.compile(r"\b(?:0|\d+'s?(?=[hb]))(?:[xh]([\da-f][\da-f_]*)|b([01][01_]*))\b")
# The order matters, since the first alternative that matches wins: numbers before words, words before symbols.
_WORD = re.compile(
    rf"\b0[xb][\da-f]+\b|(?:(?<![\w)])-)?\d+(?:[.-]\d+)*"
    rf"|{_LETTERS}(?:\+\+(?![^\W\d_])|[+#♭](?![\w+#]))?"  # C++, C#, A+
    r"|[%,;/•$€£¥]|\|\|?|[-!:]?[<>=&+^]+|(?<!\*)\*=?(?!\*)|[!~](?=[^\W\d_])"
)
_SYMBOL = r"[#$%&*+<=>@^|~¢-¥°±÷\u20a0-\u20cf\u2190-\u2bff\U0001f000-\U0001faff]"
# Markdown's *emphasis*: its stars are no multiplication.
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\w*])")
# Unlike _WORD this keeps each symbol: two exam questions may differ in nothing else (what does && do, what does || do).
_TERM = re.compile(
    rf"(?:(?<![\w).-])(?<!\d )-?\.?(?=\d))?[\w{VOWELS}]+(?:(?<=\d)\.(?=\d)[\w{VOWELS}]+)*"  # -5, 1.5
    rf"|(?:[!:](?==)|-)?{_SYMBOL}(?:{_SYMBOL}|-(?!\d))*"  # C++, !=, ->
    r"|(?<![^\W\d_/])/++(?![^\W\d_])|(?<![\w!])!(?=[\w(])|\(\)|\[\]|\{\}"  # 6/2, !x
    r"|(?<=\s['\"])[!?.,:;]+(?=['\"])"  # "?"
)
# Characters that show nothing or turn the direction of writing. Joiners are none of them: Indic scripts, Persian and emoji need
# them.
_HIDDEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def undated(name: str) -> str:
    """Remove the date from a model's id.

    gpt-5-mini-2025-08-07 becomes gpt-5-mini.
    """
    return re.sub(r"-\d{4}-\d{2}-\d{2}$", "", name)


def visible(text: str) -> str:
    """Return a text without characters that show nothing."""
    return _HIDDEN.sub("", text)


def one_form(name: str) -> str:
    """Return a name without what nobody sees.

    Two names that look the same become the same: an accent has one code, spaces and control characters are one space each, and
    hidden characters go.
    """
    return _BLANK.sub(" ", visible(unicodedata.normalize("NFC", name))).strip()


def bare(text: str) -> str:
    """Reduce the characters of a text to one form.

    Accents are removed. Dashes, quotes, spaces, ≤, ≥ and ≠ have one form each. Capitals stay.
    """
    if text.isascii():  # as most texts are: of its characters only the quote has another form
        return re.sub(r"\s+", " ", text.replace("`", "'")).strip()
    # NFKD writes ≠ as = and a combining stroke, which would be removed as an accent is.
    parts = unicodedata.normalize("NFKD", text).replace("=\u0338", "!=").translate(_SAME)
    # The range also contains the letters of Greek and Cyrillic.
    parts = _ACCENTS.sub(lambda match: "" if unicodedata.combining(match[0]) else match[0], parts)
    parts = re.sub("[“”„‟]", '"', re.sub("[‘’`´]", "'", parts))
    return re.sub(r"\s+", " ", re.sub("[‐-―−]", "-", parts)).strip()


def plain(text: str) -> str:
    """Reduce characters to one form, in lower case."""
    return bare(text).casefold()  # casefold comes last: decomposing may bring capitals (™ becomes TM)


def normal(text: str) -> str:
    """Return a text's words for comparing questions.

    Two questions that ask the same in the same words give the same string. Case, punctuation and articles are removed.
    Symbols (&&, C++, x > 3), signs, decimal points and punctuation in quotes stay, since questions may differ in them.
    """
    text = plain(text)
    # A text of nothing but articles or punctuation would become empty, and equal to every other such text.
    terms = _TERM.findall(re.sub(r"(?<=\w)'|'(?=\w)", "", _EMPHASIS.sub(r"\2", text)))
    return " ".join(term for term in terms if term not in _ARTICLES) or text


def count(text: str) -> int:
    """Count the words and punctuation marks of a text.

    Each sign of a script without spaces between words counts as one.
    Sizes of labels are measured in these tokens; they depend on no model's tokenizer.
    """
    return len((_TOKEN if text.isascii() else _TOKEN_OR_SIGN).findall(text))


def parts(word: str) -> list[str]:
    """Split a word without spaces into pairs of signs."""
    if word.isascii():
        return [word]
    pieces = [piece for piece in _SIGNS.split(word) if piece]
    paired = ([piece[at : at + 2] for at in range(max(1, len(piece) - 1))] if _SIGN.match(piece) else [piece] for piece in pieces)
    return [part for several in paired for part in several]


def signs(text: str) -> list[str]:
    """Return the signs of scripts without spaces, one by one."""
    return [] if text.isascii() else _SIGN.findall(text)


def spaced(text: str) -> str:
    """Set each word of any script apart.

    Accents are parts of their letters, and points of Hebrew and Arabic go. Signs of scripts without spaces become pairs.
    """
    if text.isascii():
        return text
    composed = _ACCENTS.sub(lambda match: "" if unicodedata.combining(match[0]) else match[0], unicodedata.normalize("NFC", text))
    return _SIGNS.sub(lambda match: f" {' '.join(parts(match[0]))} ", composed)


def words_version(texts: Iterable[str]) -> list[str]:
    """Return further inputs of stages that count or search words.

    Signs and vowels of some scripts were once no words. Only outputs that may come from such texts get another key, so that all
    others are found in older stores.
    """
    return ["signs are words"] if any(not text.isascii() and _OTHERWISE.search(text) for text in texts) else []


def words(text: str) -> list[str]:
    """Split a text into normalised words.

    Case, accents, articles and possessives are removed. Number words become digits, a score is one word, and dates and units
    have one form.
    """
    # The steps depend on each other: articles need capitals (Group A), so case goes after them; thousands separators go
    # before number words are read; ordinals, scores and dates need digits, so they come last.
    if _NUMBERED.search(text):
        text = re.sub(r"^\s*\d+[.)]\s", "", text, flags=re.MULTILINE)
    # A unit stands in the same line as its number, so the end of a line must not become a space.
    text = re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])", " ", bare(text.replace("\n", " ; ")))
    text = _ARTICLE.sub("", text).casefold()
    text = _BASED.sub(_based, text)
    text = re.sub(r"\b([a-z])\.(?=[a-z]\.|\s|$)", r"\1", text)  # initials: a.j. becomes aj
    text = re.sub(r"'s?\b", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    # By default text2num leaves a lone "one" or "two" as a word.
    text = alpha2digit(_POWER.sub(_multiplied, text), "en", threshold=0)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"\1", text)
    text = re.sub(r"\b(\d+)\s*(?:-|:|\bto\b)\s*(\d+)\b", r"\1-\2", text)
    text = re.sub(r"\bminus (?=\d)", "-", text)
    text = re.sub(rf"\b(\d{{1,2}})(?: of)? ({_MONTHS})\b", r"\2 \1", text)
    tokens = _WORD.findall(text)
    named = [_UNIT.get(token, token) if at and numeric(tokens[at - 1]) else token for at, token in enumerate(tokens)]
    # Symbols were tokens up to here, since a unit does not stand behind a number and a symbol.
    return [token for token in named if token == "%" or token[0].isalnum() or token[-1].isalnum()]


def is_unit(word: str) -> bool:
    """Return True for a unit of a number."""
    return word in _UNIT


def numeric(word: str) -> bool:
    """Return True for a number; 0x1f is a number too."""
    return word.lstrip("-")[:1].isdigit()


def _based(match: re.Match[str]) -> str:
    """Write a hexadecimal or binary number as Python does.

    0x0000_001F and 8'h1F become 0x1f.
    """
    # int() takes neither 1F_ nor 1__F.
    if match[1]:
        return hex(int(match[1].replace("_", ""), 16))
    return bin(int(match[2].replace("_", ""), 2))


def _multiplied(match: re.Match[str]) -> str:
    """Write "1.5 million" in digits."""
    # As floats, 4.35 * 100 is 434.99999999999994.
    product = Decimal(match[1]) * prod(POWERS[power] for power in re.split("[ -]", match[2])[1:])
    return f"{product.normalize():f}"


def most_tokens(turns: Sequence[str]) -> int:
    """Return an upper bound on the tokens of a chat.

    With every tokenizer a token holds at least one byte.
    """
    return sum(len(turn.encode("utf-8", "surrogatepass")) + TURN for turn in turns)
