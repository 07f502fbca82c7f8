"""A model that answers from recorded responses beside a corpus, so that a study runs with no key."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from runner.component import component
from runner.data.atomic_write import publish
from runner.data.records import Message, Prompt, Reply, digest, plain
from runner.errors import Fault

ENDS = ("length", "content_filter")  # after which a teacher is asked otherwise than after a whole reply


def request(prompt: Prompt) -> dict[str, Any]:
    """What a recording holds of a prompt, and what it is looked up by."""
    return {"messages": prompt.messages, "attempt": prompt.attempt}


def add(folder: Path, said: Iterable[tuple[Prompt, Reply]]) -> None:
    """Add requests and replies to a folder's recording, `teacher.jsonl`, whole or not at all; what it holds already stays once.

    A Fault where the folder can't be written, or holds another reply to a request: then whoever reads it would not get the same
    labels.
    """
    try:
        _add(folder, said)
    except OSError as error:
        raise Fault(f"record={folder}: can't be written ({error}). Name another folder: record=PATH") from error


def _add(folder: Path, said: Iterable[tuple[Prompt, Reply]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    known = dict(line for file in sorted(folder.glob("*.jsonl")) for line in _lines(file))
    file = folder / "teacher.jsonl"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    for prompt, reply in said:
        key, told = digest(request(prompt)), _told(reply)
        if key not in known:
            text += json.dumps({"request": request(prompt), **told}, default=plain) + "\n"
        elif _told(known[key]) != told:
            raise Fault(
                f"the recording in {folder} holds another reply to a request that begins {prompt.messages[-1].content[:60]!r}, "
                "of another teacher or another time. Record into an empty folder: record=PATH"
            )
        known[key] = reply
    publish(file, text)


def _told(reply: Reply) -> dict[str, str]:
    """What a recording holds of a reply: its text, and how it ended where that decides whether the teacher is asked again."""
    return {"reply": reply.text, **({"finish": reply.finish} if reply.finish in ENDS else {})}


@component
class Recorded:
    """Every `*.jsonl` in `path` holds lines of {"request": {"messages": [...], "attempt": n}, "reply": "..."}.

    A reply that was cut off or filtered has "finish" beside it: "length" or "content_filter".
    """

    replays: ClassVar[bool] = True  # asking it costs neither time nor money
    incidental: ClassVar[frozenset[str]] = frozenset({"path"})
    name: ClassVar[str] = "recorded"

    path: str

    def check(self) -> None:
        """Raise a Fault where nothing is recorded."""
        self._responses()

    def state(self) -> str:
        """The digest of everything recorded."""
        return digest([hashlib.sha256(file.read_bytes()).hexdigest() for file in self._files()])

    def _files(self) -> list[Path]:
        return sorted(Path(self.path).expanduser().glob("*.jsonl"))

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """The recorded replies; a Fault that names the way out for a prompt that was never recorded."""
        responses = self._responses()
        for index, prompt in enumerate(prompts):
            key = digest(request(prompt))
            if key not in responses:
                raise Fault(self._unknown(prompt))
            yield index, responses[key]

    def _responses(self) -> dict[str, Reply]:
        files = self._files()
        if not files:
            raise Fault(
                f"no recorded responses in {self.path} (expected *.jsonl). A corpus without them needs a teacher that can "
                "answer: model@teacher=openai (OPENAI_API_KEY) or model@teacher=huggingface, or people's own labels: "
                "method=human"
            )
        return dict(line for file in files for line in _lines(file))

    def _unknown(self, prompt: Prompt) -> str:
        last = prompt.messages[-1].content
        return (
            f"no recorded response in {self.path} for this request (it begins: {last[:60]!r}, {len(last)} characters). "
            "A prompt, a document or a setting that changes the request was changed, or more labels are asked for than "
            "were recorded. Undo that, or name a teacher that can answer: model@teacher=openai (any OpenAI-compatible "
            "server) or model@teacher=huggingface"
        )


def _lines(file: Path) -> Iterator[tuple[str, Reply]]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)  # which reads UTF-8, and refuses what is not
                turns = tuple(Message(**turn) for turn in row["request"]["messages"])
                asked = Prompt(messages=turns, tokens=0, attempt=row["request"].get("attempt", 0))
                if not isinstance(row["reply"], str):
                    raise TypeError("the reply is not text")
                yield digest(request(asked)), Reply(text=row["reply"], finish=row.get("finish", ""))
            except (ValueError, KeyError, TypeError) as error:
                raise Fault(
                    f"{file}:{number}: expected a JSON object with request and reply, found {line[:60]!r} ({error})"
                ) from error
