"""A JSON file in, its parts out.

A log of some tools is one JSON object of gigabytes. Only one element of its list of samples is in memory at a time.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from runner.errors import InvalidInput

CHUNK = 1 << 18  # characters that are read at once
DECODER = json.JSONDecoder()  # it accepts NaN, which Python's tools write


def parts(file: Path, path: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield an object's members, and a list's elements singly.

    The list is found under the keys of `path`, and its elements come with the path's last key. All other members of the
    objects on the way come whole, each with its own key. Raise InvalidInput if the file is not JSON.
    """
    with file.open(encoding="utf-8-sig") as stream:
        try:
            yield from _members(_JsonText(stream), path)
        except (ValueError, EOFError, RecursionError) as error:  # a UnicodeDecodeError is a ValueError too
            raise InvalidInput(f"{file} is not complete JSON ({error}). Expected the whole file that the tool wrote") from error


class _JsonText:
    """The text of a stream from a position onwards."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._text, self._place = stream, "", 0

    def _more(self) -> bool:
        """Read on; return False at the end of the file."""
        # Doubled, so that a value of many chunks is tried a few times only.
        chunk = self._stream.read(max(CHUNK, len(self._text) - self._place))
        self._text, self._place = self._text[self._place :] + chunk, 0
        return bool(chunk)

    def peek(self) -> str:
        """Return the next character that is no space."""
        while True:
            while self._place < len(self._text):
                if not self._text[self._place].isspace():
                    return self._text[self._place]
                self._place += 1
            if not self._more():
                raise EOFError("it ends too early")

    def take(self, expected: str) -> str:
        """Consume the next character, which must be one of these."""
        if (character := self.peek()) not in expected:
            raise ValueError(f"found {character!r} where one of {expected} belongs")
        self._place += 1
        return character

    def value(self) -> Any:
        """Consume the next value."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._place)
            except ValueError:
                if not self._more():
                    raise
                continue
            # A number at the end of what was read may go on.
            if end == len(self._text) and self._more():
                continue
            self._place = end
            return value


def _members(text: _JsonText, path: Sequence[str]) -> Iterator[tuple[str, Any]]:
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        key = str(text.value())
        text.take(":")
        if key != path[0]:
            yield key, text.value()
        elif len(path) > 1 and text.peek() == "{":
            yield from _members(text, path[1:])
        elif len(path) == 1 and text.peek() == "[":
            yield from ((key, element) for element in _elements(text))
        else:
            yield key, text.value()
        if text.take(",}") == "}":
            return


def _elements(text: _JsonText) -> Iterator[Any]:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    while True:
        yield text.value()
        if text.take(",]") == "]":
            return
