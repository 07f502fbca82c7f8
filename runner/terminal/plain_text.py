"""Text of others in, text safe to print out.

Whoever prints a name or a message prints what somebody else wrote. An escape sequence in it can clear the screen, set the title
or the clipboard of a terminal, or hide a line, and a bidirectional override shows letters in another order than they have.
"""

import logging
import re
from typing import Any

from rich.console import Console
from rich.text import Text

from runner.terminal.output import discard

# Control characters but tab and line feed, which our own messages hold; marks of the direction of writing; half surrogate
# pairs, which a terminal's encoding refuses; line separators of Unicode.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """Replace every character that acts on a terminal."""
    # Without its first character, an escape sequence is only text.
    return _UNSAFE.sub("\ufffd", text)


class PlainFormatter(logging.Formatter):
    """A formatter of log lines that act on no terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record, with its traceback."""
        return plain(super().format(record))


class PlainConsole(Console):
    """A console whose strings act on no terminal; styles do."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Render a string as rich text."""
        return super().render_str(plain(text), **options)

    def on_broken_pipe(self) -> None:
        """Go on without output: rich itself would end a sweep before its report is written."""
        discard()
