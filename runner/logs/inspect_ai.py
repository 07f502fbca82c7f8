"""A log of inspect_ai in, its samples' scores out.

The format is that of inspect_ai's log version 2. A .eval file is a zip archive with a JSON file for each sample.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runner.errors import InvalidInput
from runner.logs import Choices, Log, Score, chosen, cluster_of
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
        task=_task(header),
        scores=lambda: _scores(file, archived, score, choices),
        notes=notes,
    )


def _scores(file: Path, archived: bool, score: str, choices: Choices) -> Iterator[Score]:
    header: dict[str, Any] = {}
    for sample in _samples(file, archived, header):
        settings = header.get("eval", {})
        where = f"{file}, sample {sample.get('id')}"
        yield Score(
            system=str(settings.get("model", "")),
            task=_task(header),
            item=str(sample["id"]),
            trial=str(sample.get("epoch", 1)),
            value=_number(where, _value(sample, score)),
            cluster=cluster_of(where, sample.get("metadata") or {}, choices),
            content=json.dumps([_text(sample.get("input")), sample.get("target")]),
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
        header |= json.loads(archive.read(next(name for name in HEADERS if name in archive.names)))
        for name in archive.names:
            if name.startswith("samples/") and name.endswith(".json"):
                yield json.loads(archive.read(name))


def _task(header: Mapping[str, Any]) -> str:
    return str(header.get("eval", {}).get("task", ""))


def _names(sample: Mapping[str, Any]) -> dict[str, None]:
    """Return the names of a sample's scores, in their order."""
    names: dict[str, None] = {}
    for scorer, score in (sample.get("scores") or {}).items():
        value = score.get("value")
        # A scorer may give several values in one: each is a score of its own.
        names |= {f"{scorer}/{key}": None for key in value} if isinstance(value, dict) else {scorer: None}
    return names


def _value(sample: Mapping[str, Any], score: str) -> Any:
    scores = sample.get("scores") or {}
    if score in scores:
        return scores[score].get("value")
    scorer, _, key = score.rpartition("/")
    values = scores.get(scorer, {}).get("value")
    return values.get(key) if isinstance(values, dict) else None


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


def _text(value: Any) -> Any:
    """Return an input without the ids of its messages."""
    # Each run of inspect_ai gives a message another id, though the item is the same.
    if isinstance(value, list):
        return [[message.get("role"), message.get("content")] if isinstance(message, dict) else message for message in value]
    return value
