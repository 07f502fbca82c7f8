"""Bodies of failed responses in, the server's reasons out.

Servers word errors in many forms: OpenAI's object, a text, FastAPI's details, a list, plain text, a web page.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from runner.data.text import one_form

OUT_OF_QUOTA = "insufficient_quota"  # comes with status 429, as a rate limit does, but no waiting helps
FILTERED = "content_filter"

# Characters of a reason that are shown. The first ones say why; after them come traces and pages of style.
_LONGEST = 300
# Names under which servers give a reason. `metadata.raw` is a gateway's, with the words of the host behind it.
_NAMES = ("message", "msg", "error", "errors", "detail", "details", "error_description", "metadata", "raw", "title")


def reason(body: Any) -> str:
    """Return a server's reason in one line.

    It is empty if the server gives none. `body` is decoded JSON, or text.
    """
    # A set would lose the order, and some servers say the same twice.
    try:
        texts = list(dict.fromkeys(text for part in _texts(body) if (text := one_form(part))))
    except RecursionError:  # brackets can nest without end
        texts = []
    line = ": ".join(texts)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} [...]"


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield from _decoded(body)
    elif isinstance(body, list):
        for part in body:
            yield from _texts(part)
    elif isinstance(body, dict):
        if isinstance(body.get("loc"), list):  # FastAPI's place of a wrong field
            yield ".".join(map(str, body["loc"]))
        # A completion that broke off has its error in its choice.
        named = [text for name in _NAMES for text in _texts(body.get(name))] or [*_texts(_choice(body).get("error"))]
        # An object without any known name may still hold the reason.
        yield from named or [json.dumps(body, ensure_ascii=False) if body else ""]


def _decoded(text: str) -> Iterator[str]:
    """Yield the texts of a page or of JSON."""
    start = text.lstrip()[:1]
    if start == "<":
        page = _Page()
        page.feed(text)
        yield from page.texts
        return
    if start in ("{", "["):
        try:
            yield from _texts(json.loads(text))
            return
        except (ValueError, RecursionError):
            pass  # text that only looks like JSON is shown as it is
    yield text


class _Page(HTMLParser):
    """The visible texts of a web page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def hidden_status(body: Any) -> int | None:
    """Return the status of an error inside a success.

    Gateways send one when the host behind them fails. Return None if the body holds no error. The status of an error that
    names none is 500, as that of any failure of a server.
    """
    if not isinstance(body, dict):
        return None
    choice = _choice(body)
    error = choice.get("error") or (not choice and body.get("error"))
    if not error and choice.get("finish_reason") != "error":
        return None
    codes = [error.get("code"), error.get("type")] if isinstance(error, dict) else []
    known = {OUT_OF_QUOTA: 429, FILTERED: 400}
    statuses = [known.get(code, 0) if isinstance(code, str) else code for code in codes]
    return next((status for status in statuses if isinstance(status, int) and 400 <= status < 600), 500)


def _choice(completion: dict[str, Any]) -> dict[str, Any]:
    """Return the first choice of a completion, if any."""
    choices = completion.get("choices")
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
