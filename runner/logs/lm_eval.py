"""Samples of lm-evaluation-harness in, their scores out.

`lm_eval --log_samples --output_path DIR` writes DIR/MODEL/samples_TASK_DATE.jsonl, a line for each document and filter.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runner.errors import InvalidInput
from runner.logs import Choices, Log, Score, chosen, cluster_of, members, text
from runner.logs.lines import objects

NAME = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT[\d.:-]+)")
FIELDS = {"doc_id", "doc", "resps"}  # of every line
# The fields beside the metrics, of the versions that do not list their metrics in a field of that name.
QUESTIONS = ("question", "query", "input", "problem", "prompt", "text")  # fields of a document that ask, as tasks name them
OTHERS = {"doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "schema"}


def is_sample(line: Mapping[str, Any]) -> bool:
    """Return True if an object is a line of samples."""
    return line.keys() >= FIELDS


def files(folder: Path) -> list[Path]:
    """Return the files of samples below a folder."""
    return sorted(folder.rglob("samples_*.jsonl"))


def log(file: Path, choices: Choices) -> Log:
    """Open the samples; raise InvalidInput if no metric can be chosen."""
    names: dict[str, None] = {}
    first = None
    for _, line in objects(file):
        document = line.get("doc_id")
        # The lines of one filter follow those of another, so that the first document comes again for each.
        first = document if first is None else first
        if document == first:
            names |= dict.fromkeys(f"{metric},{line.get('filter', 'none')}" for metric in _metrics(line))
    single = len({name.partition(",")[2] for name in names}) == 1
    options = {name.partition(",")[0] if single else name: name for name in names}
    score = choices.score if choices.score in names else options[chosen(file, options, choices)]
    return Log(
        tool="lm-evaluation-harness",
        score=score,
        system=_model(file),
        task=_task(file),
        scores=lambda: _scores(file, score, choices),
    )


def _scores(file: Path, score: str, choices: Choices) -> Iterator[Score]:
    metric, _, chosen_filter = score.partition(",")
    task, system = _task(file), _model(file)
    for number, line in objects(file):
        if not is_sample(line):
            raise InvalidInput(
                f"{file}:{number}: no sample of lm-evaluation-harness. Expected the fields {', '.join(sorted(FIELDS))}"
            )
        if line.get("filter", "none") != chosen_filter:
            continue
        where = f"{file}:{number}"
        value = line.get(metric)
        if not isinstance(value, int | float | None):
            raise InvalidInput(f"{where}: {metric} is {str(value)[:60]}. Expected a number. Name another metric: --score NAME")
        document = members(line["doc"])
        yield Score(
            system=system,
            task=task,
            item=str(line["doc_id"]),
            value=value if value is None else float(value),
            cluster=cluster_of(where, document, choices),
            question=text(next((document[name] for name in QUESTIONS if name in document), line["doc"])),
            reference=text(line.get("target")),
            answer=text(answers[0]) if isinstance(answers := line.get("filtered_resps"), list) and answers else "",
            # Not the field doc_hash, which older versions do not write.
            content=json.dumps([line["doc"], line.get("target")], sort_keys=True),
        )


def _model(file: Path) -> str:
    return file.absolute().parent.name


def _task(file: Path) -> str:
    name = NAME.fullmatch(file.stem)
    return name["task"] if name else file.stem.removeprefix("samples_")


def _metrics(line: Mapping[str, Any]) -> list[str]:
    if isinstance(metrics := line.get("metrics"), list):
        return [str(metric) for metric in metrics]
    return [
        name
        for name, value in line.items()
        if name not in OTHERS and not name.endswith("_hash") and isinstance(value, int | float)
    ]
