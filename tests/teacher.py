"""A teacher of the tests' own: a server on loopback that writes facts and pairs as the shipped prompts ask for them."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runner.data.text import count
from tests.given import student
from tests.server import Asked, Response, serving, told


def taught(text: str) -> str:
    """Facts, the numbers of those that serve, or pairs that nobody wrote before."""
    if text.startswith("List every atomic fact"):
        body = text.split("\n\n", 2)[2]
        return json.dumps(re.findall(r"[^.]+\.", body))
    if text.startswith("Below are facts"):
        return json.dumps([int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)])
    if "PASS or FAIL" in text:
        return "PASS"
    written = len(re.findall(r"^- ", text, re.MULTILINE))
    facts = re.findall(r"^\d+\. (.+)", text, re.MULTILINE)
    if not facts:
        return json.dumps([_pair(number, text.split("Section: ")[1].split("\n")[0]) for number in range(written, written + 10)])
    first = written // len(facts)
    numbers = range(first, first + 5)
    return json.dumps([{"fact": place, **_pair(number, fact)} for place, fact in enumerate(facts, 1) for number in numbers])


def _pair(number: int, unit: str) -> dict[str, str]:
    return {"question": f"What is number {number} of {unit}?", "answer": f"It is {number}."}


@contextmanager
def teaching(
    reply: Callable[[str], str] = taught, finish: Callable[[str], str] = lambda text: "stop"
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the server's base URL and the list of requests with their usage; `finish` gives the reason for a reply's end."""
    asked: list[dict[str, Any]] = []

    def respond(request: Asked) -> Response:
        text = reply(request.said)
        usage = {"prompt_tokens": count(request.said), "completion_tokens": count(text)}
        usage["total_tokens"] = sum(usage.values())
        asked.append({**request.body, "usage": usage})
        message = {"role": "assistant", "content": text}
        return told({"choices": [{"index": 0, "message": message, "finish_reason": finish(text)}], "usage": usage})

    with serving(respond) as server:
        yield server.url, asked


def corpus(folder: Path) -> list[str]:
    """A corpus of two sections, three facts and a question, and a student that is never loaded, as overrides."""
    (folder / "docs" / "documents").mkdir(parents=True)
    sections = "## Final\nAda of Oslo won the cup. It was held in Bergen.\n\n## Start\nThe cup began on 3 May 2031.\n"
    (folder / "docs" / "documents" / "cup.md").write_text(f"# Cup\n\n{sections}")
    (folder / "docs" / "exam.jsonl").write_text(json.dumps({"question": "Who won the cup?", "answer": "Ada"}) + "\n")
    chosen = [
        "corpus=folder",
        f"corpus.path={folder}/docs",
        "corpus.purpose=Know the cup.",
        "retriever=lexical",
        "retention=none",
    ]
    return [*chosen, *student(folder), f"store={folder}/store"]


def taught_by(url: str, *more: str) -> list[str]:
    """The teacher at an address, as overrides."""
    return ["model@teacher=openai", f"teacher.base_url={url}", "teacher.id=gpt-5-mini", *more]
