"""Reading: a text in, its terms out: words, identifiers, numbers, quantities, dates and ranges."""

import re
from fractions import Fraction
from functools import lru_cache

from runner.data.text import SIGNS, VOWELS
from runner.grader import dates, numbers
from runner.grader.amounts import AMOUNT, amount
from runner.grader.characters import prepare
from runner.grader.ranges import with_ranges
from runner.grader.spelling import whole
from runner.grader.terms import Term, Text
from runner.grader.values import Number, Value

# Each sign of a script without spaces is a term.
_LETTER = rf"[^\W\d_{SIGNS}]"
_LETTERS = rf"{_LETTER}(?:{_LETTER}|[{VOWELS}])*"
# Their signs may adjoin a number, other letters may not.
_OPEN, _CLOSED = rf"(?<![^\W{SIGNS}])", rf"(?![^\W{SIGNS}])"
# The order matters, since the first alternative that matches wins: values before words, and words before single signs.
_TERM = re.compile(
    "|".join(
        (
            r"(?P<option>(?<![\w-])--[A-Za-z][\w-]*)",
            rf"(?P<date>(?<![\w./-])(?:{dates.DATE.pattern}))",
            rf"(?P<time>(?<![\w.:/\[-])(?:{dates.TIME.pattern}))",
            rf"(?P<based>{_OPEN}(?:0x[\da-f_]+|0b[01_]+|\d*'s?h[\da-f_]+|\d*'s?[bod][\d_]+){_CLOSED})",
            r"(?P<version>(?<![\w.])v?\d+(?:\.\d+){2,}(?!\w)|(?<!\w)v\d+(?:\.\d+)?(?!\w))",
            r"(?P<decade>(?<!\w)\d{3}0'?s\b)",
            r"(?P<name>(?:(?<!\w)[A-Za-z_]\w*\.)*\w*_\w+(?:\.\w+)*)",
            rf"(?P<amount>{AMOUNT})",
            rf"(?P<word>{_LETTERS}(?:'{_LETTERS})*(?:\+\+(?!{_LETTER})|[+#♭](?![\w+#]))?)",  # Xi'an, C++, C#, A+
            rf"(?P<sign>\w|[{SIGNS}])",
        )
    ),
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"±|[-!:]?[<>=&+^|]+|(?<!\*)\*=?(?!\*)|[!~](?=[^\W\d_])")
_ARTICLES = {"the", "an", "a"}
_PARTS = {"half": Fraction(1, 2), "quarter": Fraction(1, 4)}


@lru_cache(maxsize=4096)
def read(text: str, longest: int | None = None) -> Text:
    """Read a text up to its first `longest` terms."""
    source = prepare(text)
    terms: list[Term] = []
    at = 0
    while (match := _TERM.search(source, at)) and (longest is None or len(terms) < longest):
        term = _term(match, source)
        at = term.end if term else match.end()
        if term:
            gap = source[terms[-1].end if terms else 0 : term.start]
            terms.append(term if gap == " " else term._replace(symbols=frozenset(_SYMBOL.findall(gap + source[term.start]))))
    return Text(source, with_ranges(source, terms))


def _term(match: re.Match[str], source: str) -> Term | None:
    """Return the term of a match; None for an article."""
    start, end, raw = *match.span(), match[0]
    match match.lastgroup:
        case "word":
            return _word(raw, start, end, source)
        case "amount":
            return amount(match, source)
        case "based":
            return Term(raw, raw.casefold(), start, end, _number(raw))
        case "version":
            word = raw.casefold().lstrip("v")
            return Term(raw, word, start, end, _number(word))
        case "date" | "time" as kind:
            value = dates.date(match) if kind == "date" else dates.time(match)
            if value:
                # 03/02/2020 is the 2nd of March or the 3rd of February.
                turned = dates.turned(value) if match["y6"] else None
                return Term(raw, raw.casefold(), start, end, (value, turned) if turned else (value,))
            # There is no such day or hour, so its first word stands for itself, and what follows is read again.
            first = re.split(r"\W", raw, maxsplit=1)[0]
            return Term(first, first.casefold(), start, start + len(first), _number(first))
    return Term(raw, raw.casefold().replace("'", ""), start, end)


def _word(raw: str, start: int, end: int, source: str) -> Term | None:
    """Return a word; None for an article before another word."""
    # A capital A behind a word is a name (Group A).
    letter = raw == "A" and re.search(r"\w $", source[max(start - 2, 0) : start])
    if raw.lower() in _ARTICLES and not letter and re.match(r" \w", source[end : end + 2]):
        return None
    word = raw.casefold().removesuffix("'s").replace("'", "")
    values: tuple[Value, ...] = ()
    if raw[0] in "IVXLC" and (len(raw) > 1 or start) and (roman := numbers.roman(raw)):
        values = (Number(Fraction(roman), True),)
    elif word in _PARTS:
        values = (Number(_PARTS[word]),)
    return Term(raw, whole(word), start, end, values)


def _number(literal: str) -> tuple[Value, ...]:
    """Return the value of a literal; nothing for a word."""
    value = numbers.value_of(literal)
    return (Number(value),) if value is not None else ()
