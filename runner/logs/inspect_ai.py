"""A log of inspect_ai in, its samples' scores out.

The format is that of inspect_ai's log version 2. A .eval file is a zip archive with a JSON file for each sample.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runner.errors import InvalidInput
from runner.logs import Choices, Log, Score, chosen, cluster_of, members, text
from runner.logs.json_stream import parts
from runner.logs.zip_members import Archive

# What inspect_ai's own value_to_float makes of texts. N is no answer.
WORDS = {"c": 1.0, "i": 0.0, "p": 0.5, "n": 0.0, "yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
HEADERS = ("header.json", "_journal/start.json")  # a log that was cut short has the second only


def is_archive(names: list[str]) -> bool:
    """Return True if a log has these members."""
    return any(header in names for header in HEADERS)


def log(file: Path, choices: Choices, archived: bool) -> Log:
    """Open a log; raise InvalidInput if no score can be chosen."""
    header: dict[str, Any] = {}
    names: dict[str, None] = {}
    for sample in _samples(file, archived, header):
        names = _names(sample)
        # Samples that failed have no scores; the first that has some shows what the log offers.
        if names:
            break
    score = chosen(file, names, choices)
    status = header.get("status", "started")
    notes = [] if status == "success" else [f"{file}: the evaluation ended with the status {status!r}; samples may be missing."]
    return Log(
        tool="inspect_ai",
        score=score,
        system=_model(header),
        task=_task(header),
        scores=lambda: _scores(file, archived, score, choices),
        notes=notes,
    )


def _scores(file: Path, archived: bool, score: str, choices: Choices) -> Iterator[Score]:
    header: dict[str, Any] = {}
    for sample in _samples(file, archived, header):
        if "id" not in sample:
            raise InvalidInput(f"{file}: a sample has no id. Expected a file that inspect_ai wrote")
        where = f"{file}, sample {sample['id']}"
        yield Score(
            system=_model(header),
            task=_task(header),
            item=str(sample["id"]),
            epoch=str(sample.get("epoch", 1)),
            value=_number(where, _value(sample, score)),
            cluster=cluster_of(where, members(sample.get("metadata")), choices),
            content=json.dumps([_without_ids(sample.get("input")), sample.get("target")]),
            question=_question(sample.get("input")),
            reference=text(sample.get("target")),
            answer=_answer(sample),
        )


def _samples(file: Path, archived: bool, header: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the samples; fill in the header before the first."""
    if not archived:
        for key, value in parts(file, ("samples",)):
            if key == "samples" and isinstance(value, dict):
                yield value
            else:
                header[key] = value
        return
    with Archive(file) as archive:
        name = next(name for name in HEADERS if name in archive.names)
        header |= _object(file, name, archive.read(name))
        for name in archive.names:
            if name.startswith("samples/") and name.endswith(".json"):
                yield _object(file, name, archive.read(name))


def _object(file: Path, name: str, content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{file}: {name} is no JSON ({error}). Expected a file that inspect_ai wrote") from error
    return members(value)


def _model(header: Mapping[str, Any]) -> str:
    return str(members(header.get("eval")).get("model", ""))


def _task(header: Mapping[str, Any]) -> str:
    return str(members(header.get("eval")).get("task", ""))


def _names(sample: Mapping[str, Any]) -> dict[str, None]:
    """Return the names of a sample's scores, in their order."""
    names: dict[str, None] = {}
    for scorer, score in members(sample.get("scores")).items():
        value = members(score).get("value")
        # A scorer may give several values in one: each is a score of its own.
        names |= {f"{scorer}/{key}": None for key in value} if isinstance(value, dict) else {scorer: None}
    return names


def _value(sample: Mapping[str, Any], score: str) -> Any:
    scores = members(sample.get("scores"))
    if score in scores:
        return members(scores[score]).get("value")
    scorer, _, key = score.rpartition("/")
    return members(members(scores.get(scorer)).get("value")).get(key)


def _number(where: str, value: Any) -> float | None:
    if value is None or isinstance(value, int | float):
        return None if value is None else float(value)
    word = str(value).strip().lower()
    if word in WORDS:
        return WORDS[word]
    try:
        return float(word)
    except ValueError:
        raise InvalidInput(
            f"{where}: the score is {str(value)[:60]!r}. Expected a number, or C, I, P or N. Name another one: --score NAME"
        ) from None


def _without_ids(value: Any) -> Any:
    """Return an input without the ids of its messages."""
    # Each run of inspect_ai gives a message another id, though the item is the same.
    if isinstance(value, list):
        return [[message.get("role"), message.get("content")] if isinstance(message, dict) else message for message in value]
    return value


def _question(value: Any) -> str:
    if isinstance(value, list):
        asked = [message.get("content") for message in value if isinstance(message, dict) and message.get("role") == "user"]
        return text(asked[-1]) if asked else ""
    return text(value)


def _answer(sample: Mapping[str, Any]) -> str:
    choices = members(sample.get("output")).get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return text(members(members(first).get("message")).get("content"))
