"""Front matter: the lines of a document in, its fields and the rest out.

Jekyll and Pandoc write it as yaml between lines of dashes, Hugo also as TOML between lines of plus signs.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import yaml

from runner.data.text import one_form
from runner.errors import Fault

ENDS = {"---": ("---", "..."), "+++": ("+++",)}
FIELDS = ("title", "category")


def front_matter(file: Path, lines: list[str]) -> tuple[Mapping[str, str], int]:
    """Read the front matter at the top of a document.

    Returns title and category where they are given, and the number of lines that it takes. Raise a Fault if it can't be read.
    """
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    mark = lines[first].rstrip()
    ends = [number for number in range(first + 1, len(lines)) if lines[number].rstrip() in ENDS.get(mark, ())]
    # Behind a horizontal rule stands an empty line. A rule that is never closed is no front matter either.
    if not ends or not lines[first + 1].strip():
        return {}, 0
    text = "\n".join(lines[first + 1 : ends[0]])
    values = _toml(file, text, first + 2) if mark == "+++" else _yaml(file, text, first + 2)
    if values is None:
        return {}, 0
    return {name: _text(f"{file}:{first + 2}", name, values[name]) for name in FIELDS if name in values}, ends[0] + 1


def _yaml(file: Path, text: str, line: int) -> Mapping[object, object] | None:
    """Parse yaml whose values all stay text; return None for text that is none.

    `line` is the number of its first line in the file.
    """
    try:
        # This loader makes nothing but text, lists and mappings: 1.10 stays 1.10, No stays No, 0000-00-00 is no date.
        values = yaml.load(text, yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        reason = error.problem if isinstance(error, yaml.MarkedYAMLError) else ""
        where = f"{file}:{line + mark.line if mark else line}"
        # RecursionError says nothing that helps.
        reason = reason or ("it is nested too deep" if isinstance(error, RecursionError) else str(error))
        raise Fault(
            f"{where}: the front matter is not yaml: {reason}. Correct it, or remove it with its two lines of dashes"
        ) from error
    # Text between two horizontal rules.
    return values if isinstance(values, dict) else None


def _toml(file: Path, text: str, line: int) -> Mapping[str, object]:
    """Parse TOML. `line` is the number of its first line in the file."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Fault(
            f"{file}:{line}: the front matter between lines of +++ is not TOML: {error or 'it is nested too deep'}. Correct it, "
            "or remove it with these two lines"
        ) from error


def _text(where: str, name: str, value: object) -> str:
    """Return a field's text."""
    if isinstance(value, dict | list):
        raise Fault(f"{where}: {name} is {value!r} in the front matter; expected one text, such as {name}: Timers")
    text = one_form(str(value))
    if text.encode("utf-8", "ignore").decode() != text:  # an escape such as "\ud800" is half a character
        raise Fault(f"{where}: {name} is {value!r} in the front matter, which holds half a character. Write another {name}")
    return text
