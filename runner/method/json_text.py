r"""Text that is nearly JSON in, its value out.

Comments, trailing commas, single and curly quotes, and Python's None, True and False are read too. A key that stands twice in an
object has the list of its values. Libraries that repair JSON (json-repair) guess: they close a string that was cut off, and drop
the first of two values. They also read the two letters \f of \frac as a form feed.

Models often write the backslash of \alpha, \d+ or C:\new as it is, although JSON wants two. A string that was written correctly
keeps its value. Otherwise:

1. A backslash before any letter that JSON does not know is a backslash.
2. So are those of \b and \f, and of \r before a letter: nobody means a backspace, a form feed or a lone carriage return.
3. \n and \t before a letter are a line break and a tab, except in a path with its drive, in a word that rule 1 has repaired, and
   where they begin a command of LaTeX (\nu, \theta) in a formula.
"""

import json
import re
from typing import Any

# The patterns limit the length of a string, and repetitions of one character are possessive (*+, ++). Without that, a reply of
# nothing but quotes and brackets would take minutes. No repeated group is possessive: before Python 3.11.5 such a group with
# alternatives in it matches too little (gh-106052). Each part of a group begins with another character, so little is tried again.
STRING = r'"[^"\\]{0,2000}+(?:\\.[^"\\]{0,2000}+){0,500}"'
SINGLE = r"'[^'\\]{0,2000}+(?:\\.[^'\\]{0,2000}+){0,500}'"
_CURLY = r"(?<=[\[{,:\s])“[^“”]{0,2000}+”(?=\s*+[\]},:])"
_COMMENT = r"(?://|\#)[^\n]*+"
_PYTHON = re.compile(
    rf"(?P<string>{STRING})|(?P<single>{SINGLE})|(?P<curly>{_CURLY})|{_COMMENT}|,(?=\s*+(?:{_COMMENT}\s*+)*[\]}}])"
    r"|\b(?P<word>None|True|False)\b",
    re.DOTALL,
)
_WORDS = {"None": "null", "True": "true", "False": "false"}
# What must be written differently when 'single' or “curly” quotes become "double" ones.
_QUOTED, _QUOTES = re.compile(r"\\.|\"", re.DOTALL), {"\\'": "'", '"': '\\"'}

_ANY_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*"', re.DOTALL)
_PAIR = re.compile(r"\\(u[\da-fA-F]{4}|.)", re.DOTALL)
# A pair that no correct string has, for which reason its writer does not double backslashes.
_BARE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:[^\"\\/nrtu']|u(?![\da-fA-F]{4})|r(?=[A-Za-z]))")
_DOUBLED = re.compile(r"\\\\[A-Za-z]")
# Not A: and B:, which are answers of a choice, nor Q:.
_DRIVE = re.compile(r"(?<![^\W_])[C-PR-Zc-pr-z]:\\")
# Commands that begin with \n or \t: those that are clear by themselves, and those that are also the end of a word or a word.
_CLEAR = r"n(?:abla|eq|leq|geq|otin|exists|ewline|ewcommand|oindent)|t(?:heta|imes|anh|herefore|frac|riangle|ext(?:bf|it|tt|rm))"
_COMMAND = re.compile(rf"(?:{_CLEAR})(?![A-Za-z])")
_IN_FORMULA = re.compile(rf"(?:{_CLEAR}|n(?:u|e|eg|i|ot|mid|earrow)|t(?:au|o|op|an|ext|ilde|ag|binom))(?![A-Za-z])")

_ARGUMENT = re.compile(r"[A-Za-z]+[{_^]")


def load(text: str, **numbers: Any) -> Any:
    """Parse text that is nearly JSON.

    `numbers` are json's parse_int and parse_float. Return None if nothing can be parsed.
    """
    for written in (text, _PYTHON.sub(_as_json, text)):
        try:
            value = json.loads(_ANY_STRING.sub(_mended, written), strict=False, object_pairs_hook=_joined, **numbers)
            json.dumps(value, ensure_ascii=False).encode()  # raises for half of a surrogate pair, which no later step can write
            return value
        except (ValueError, RecursionError):
            continue
    return None


def _joined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, with the keys in one spelling."""
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        values.setdefault(key.strip().lower(), []).append(value)
    return {key: value[0] if len(value) == 1 else value for key, value in values.items()}


def _as_json(match: re.Match[str]) -> str:
    """Write a piece of Python as JSON; comments and trailing commas as nothing."""
    if other := match["single"] or match["curly"]:
        return f'"{re.sub(_QUOTED, lambda quoted: _QUOTES.get(quoted[0], quoted[0]), other[1:-1])}"'
    return match["string"] or _WORDS.get(match["word"], "")


def _mended(match: re.Match[str]) -> str:
    """Write the backslashes of a string as JSON wants them."""
    string = match[0]
    if "\\" not in string:
        return string
    correct, bare = bool(_DOUBLED.search(string)), bool(_BARE.search(string))
    formula = bare or string.count("$") > 1
    words = re.split(r"(\s+)", string)
    return "".join(word if "\\" not in word else _mended_word(word, correct, formula) for word in words)


def _mended_word(word: str, correct: bool, formula: bool) -> str:
    """Mend one word of a string.

    `correct` is true if the string doubles other backslashes, `formula` if it seems to hold LaTeX.
    """
    drive, bare = bool(_DRIVE.search(word)), bool(_BARE.search(word))

    def mended(pair: re.Match[str]) -> str:
        kind, rest = pair[1], word[pair.end() :]
        if kind == "'":  # Python's, which JSON writes without a backslash
            return kind
        if kind[0] in '"\\/' or len(kind) == 5:
            return pair[0]
        if kind not in ("n", "t", "r") or (kind == "r" and rest[:1].isalpha()):
            return f"\\{pair[0]}"
        if correct or word[: pair.start()].endswith("\\r"):  # \r\n is a line break
            return pair[0]
        command = (_IN_FORMULA if formula or _ARGUMENT.match(rest) else _COMMAND).match(kind + rest)
        literal = command or (rest[:1].isalpha() and drive) or (rest[:1].islower() and bare)
        return f"\\{pair[0]}" if literal else pair[0]

    return _PAIR.sub(mended, word)
