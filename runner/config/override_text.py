"""An override in, a quoted one or a correction out."""

import re
from shlex import quote

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Quote, QuotedString
from hydra.errors import HydraException


def quoted_text(override: str) -> str:
    """Put a text in quotes that Hydra can't read without.

    Such texts hold an apostrophe, letters beyond ASCII, or a ~ at the front.
    """
    name, _, text = override.partition("=")
    # With a comma several values may be meant, and with a quote, a bracket or a call another expression: Hydra refuses it, and
    # the user says what is meant.
    if not text or re.search(r"^\s*(['\"\[{]|\w+\()|,", text) or is_readable(override):
        return override
    quoted = _in_quotes(name, text)
    return quoted if is_readable(quoted) else override


def unreadable(override: str) -> str:
    """Describe an override that Hydra can't read, with a correction."""
    name, equals, text = override.partition("=")
    if not equals:
        return f"{override}: found no =, expected NAME=VALUE. Put an argument with spaces in quotes: {quote('NAME=a text')}"
    if not is_readable(f"{name}=1"):
        return f"{override}: {name!r} can't be a name. Expected a group or a setting, such as method=fact or corpus.path=my-docs"
    if text.lstrip().startswith(("[", "{")):
        forms = quote(f'{name}=["a text",2]'), quote(f'{name}={{key: "a text"}}')
        return (
            f"{override}: this list or mapping can't be read. Close all brackets, and put texts in quotes: {' or '.join(forms)}"
        )
    return f"{override}: this value can't be read. If it is one text, put it in quotes, twice: {quote(_in_quotes(name, text))}"


def _in_quotes(name: str, text: str) -> str:
    return f"{name}={QuotedString(text, Quote.double).with_quotes()}"


def is_readable(override: str) -> bool:
    """Return true if Hydra can read an override."""
    try:
        OverridesParser.create().parse_override(override)
    except HydraException:
        return False
    return True
