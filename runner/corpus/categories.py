"""Categories of documents: a path in, the name of a category out."""

import re
from pathlib import PurePosixPath

from runner.data.text import one_form
from runner.errors import Fault

TOP = "1"  # the top folder
_EXPECTED = "Expected a level of folders, such as 2, or a pattern of paths with one group, such as 'ip/([^/]+)/'"


def check_rule(rule: str) -> str:
    """Return a rule if `category` can follow it; else raise a Fault."""
    if rule.isdecimal():
        return rule
    try:
        groups = re.compile(rule).groups
    except re.error as error:
        raise Fault(f"corpus.category={rule}: not a regular expression ({error}). {_EXPECTED}") from error
    if groups != 1:
        raise Fault(f"corpus.category={rule}: found {groups} groups in round brackets, expected one. {_EXPECTED}")
    return rule


def category(path: PurePosixPath, rule: str) -> str:
    """Name the category of a document.

    The rule is a level of folders, counted from 1, or a regular expression whose group is the category. A document of fewer
    folders has the lowest of them, one that the pattern does not match has the top folder, and one without folders its name.
    """
    if not rule.isdecimal() and (match := re.search(rule, str(path))) and match[1]:
        return one_form(match[1])
    folders, level = path.parts[:-1], int(rule) if rule.isdecimal() else int(TOP)
    return one_form(folders[min(max(level, 1), len(folders)) - 1] if folders else path.stem)
