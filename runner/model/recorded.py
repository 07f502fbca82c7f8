"""A model that answers from recorded replies.

A corpus that ships with a recording can be studied without a key. `add` writes a recording, `Recorded` reads it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from runner.component import component
from runner.data.atomic_write import publish
from runner.data.records import Message, Prompt, Reply, digest, plain
from runner.data.text_file import check_regular
from runner.errors import Fault

# After these a method asks the teacher otherwise than after a whole reply. Other reasons change nothing and are not recorded.
ENDS = ("length", "content_filter", "thinking")


def request(prompt: Prompt) -> dict[str, Any]:
    """Return the part of a prompt that a recording holds.

    It is the key by which a reply is looked up.
    """
    # Without the limit of tokens and the schema: both may change, and a recorded reply is still the reply to this request.
    return {"messages": prompt.messages, "attempt": prompt.attempt}


def add(folder: Path, replies: Iterable[tuple[Prompt, Reply]]) -> None:
    """Add requests and replies to a folder's recording.

    They go into `teacher.jsonl`, all or none. A request that is recorded already is not written twice. Raise a Fault if the
    folder cannot be written, or if it holds another reply to the same request: its readers would then not get the same labels.
    """
    try:
        _add(folder, replies)
    except OSError as error:
        raise Fault(f"record={folder}: can't be written ({error}). Name another folder: record=PATH") from error


def _add(folder: Path, replies: Iterable[tuple[Prompt, Reply]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Every file is read, as `Recorded` reads them, but only one is written: the others may be written by hand.
    known = dict(line for file in sorted(folder.glob("*.jsonl")) for line in _lines(file))
    file = folder / "teacher.jsonl"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    text += "\n" if text and not text.endswith("\n") else ""  # an editor may have left the last line open
    for prompt, reply in replies:
        key, fields = digest(request(prompt)), _fields(reply)
        if key not in known:
            text += json.dumps({"request": request(prompt), **fields}, default=plain) + "\n"
        elif _fields(known[key]) != fields:
            raise Fault(
                f"the recording in {folder} holds another reply to a request that begins {prompt.messages[-1].content[:60]!r}, "
                "of another teacher or another time. Record into an empty folder: record=PATH"
            )
        known[key] = reply
    publish(file, text)  # by a rename: a process that is killed here leaves the old recording whole


def _fields(reply: Reply) -> dict[str, str]:
    """Return the part of a reply that a recording holds."""
    return {"reply": reply.text, **({"finish": reply.finish} if reply.finish in ENDS else {})}


@component
class Recorded:
    """A model that looks replies up in files.

    Every `*.jsonl` in `path` holds lines of {"request": {"messages": [...], "attempt": n}, "reply": "..."}. A reply that was
    cut off or filtered, or was thinking alone, has "finish" beside it: "length", "content_filter" or "thinking".
    """

    replays: ClassVar[bool] = True  # a preview may ask it, since that costs neither time nor money
    # The path does not count, `state` does: a corpus may move, and an edited recording must give new labels.
    incidental: ClassVar[frozenset[str]] = frozenset({"path"})
    name: ClassVar[str] = "recorded"

    path: str

    def check(self) -> None:
        """Raise a Fault if recordings are missing or damaged."""
        self._responses()

    def state(self) -> str:
        """Return the digest of all recorded lines."""
        return digest([hashlib.sha256(file.read_bytes()).hexdigest() for file in self._files()])

    def _files(self) -> list[Path]:
        files = sorted(Path(self.path).expanduser().glob("*.jsonl"))
        for file in files:
            check_regular(file)
        return files

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield the recorded replies.

        Raise a Fault, with what to do, at the first prompt that was never recorded.
        """
        responses = self._responses()
        for index, prompt in enumerate(prompts):
            key = digest(request(prompt))
            if key not in responses:
                raise Fault(self._unknown(prompt))  # after the replies before it, as a hosted model fails
            yield index, responses[key]

    def _responses(self) -> dict[str, Reply]:
        files = self._files()
        if not files:
            raise Fault(
                f"no recorded responses in {self.path} (expected *.jsonl). A corpus without them needs a teacher that can "
                "answer: model@teacher=openai (OPENAI_API_KEY) or model@teacher=huggingface; or people's own labels: "
                "method=human; or the documents alone: method=passage exam=cloze"
            )
        return dict(line for file in files for line in _lines(file))

    def _unknown(self, prompt: Prompt) -> str:
        last = prompt.messages[-1].content  # the messages before it are the method's instructions, the same in every request
        return (
            f"no recorded response in {self.path} for this request (it begins: {last[:60]!r}, {len(last)} characters). "
            "A prompt, a document or a setting that changes the request was changed, or more labels are asked for than "
            "were recorded. Undo that, or name a teacher that can answer: model@teacher=openai (any OpenAI-compatible "
            "server) or model@teacher=huggingface"
        )


def _lines(file: Path) -> Iterator[tuple[str, Reply]]:
    """Yield the key and the reply of each line; raise a Fault with file and line if one is damaged."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)  # from bytes, so that a file in another encoding is refused with its line
                turns = tuple(Message(**turn) for turn in row["request"]["messages"])
                asked = Prompt(messages=turns, tokens=0, attempt=row["request"].get("attempt", 0))
                if not isinstance(row["reply"], str):
                    raise TypeError("the reply is not text")
                yield digest(request(asked)), Reply(text=row["reply"], finish=row.get("finish", ""))
            except (ValueError, KeyError, TypeError) as error:
                raise Fault(
                    f"{file}:{number}: expected a JSON object with request and reply, found {line[:60]!r} ({error})"
                ) from error
