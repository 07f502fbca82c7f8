"""Errors of recorded labels that were read, and precision and recall of `supported` and `unique` on them; printed.

tests/filter/read_labels.jsonl holds the labels: 100 of each corpus drawn at random, half of each method, and all that a filter
drops.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from runner.data.records import Label
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from runner.statistics import interval
from tests.given import study

READ = Path(__file__).resolve().parent.parent / "tests" / "filter" / "read_labels.jsonl"
Row = dict[str, Any]


def dropped() -> dict[tuple[str, ...], str]:
    """Return the filter that drops each label at 5x."""
    drops = {}
    with TemporaryDirectory() as store:
        for corpus in ("sports", "silicon"):
            for method in ("fact", "token"):
                chosen = study(f"corpus={corpus}", f"method={method}", "size=5x", "filter=[supported,unique]", f"store={store}")
                for each in label(chosen, StoreExecutor(chosen)).value.dropped:
                    drops[corpus, method, *_words(each)] = str(each.extra["filter"])
    return drops


def _words(each: Label) -> tuple[str, str, str]:
    return each.section, each.question, each.answer


def rate(found: list[bool], rows: list[Row]) -> str:
    """Write a share with its 95% interval, clustered by section."""
    value = interval(found, [f"{row['corpus']} {row['section']}" for row in rows])
    if value is None:
        return "none to count"
    return f"{sum(found)} of {len(found)}, {100 * value.estimate:.0f}% ({100 * value.low:.1f} to {100 * value.high:.1f}%)"


def errors(rows: list[Row]) -> None:
    """Print error rates of the labels that were drawn at random."""
    for corpus in ("sports", "silicon"):
        for method in ("fact", "token", ""):
            some = [row for row in rows if row["corpus"] == corpus and method in ("", row["method"])]
            print(f"{corpus} {method or 'both'}: errors {rate([bool(row['kind']) for row in some], some)}")
    for kind in sorted({row["kind"] for row in rows} - {""}):
        print(f"{kind}: {rate([row['kind'] == kind for row in rows], rows)}")


def quality(rows: list[Row], drops: dict[tuple[str, ...], str]) -> None:
    """Print precision and recall of each filter."""
    for name in ("supported", "unique"):
        hits = [drops.get((row["corpus"], row["method"], row["section"], row["question"], row["answer"])) == name for row in rows]
        bad = [not row["supported"] if name == "supported" else row["duplicate_of"] is not None for row in rows]
        precise = [(fault, row) for hit, fault, row in zip(hits, bad, rows, strict=True) if hit]
        recalled = [(hit, row) for hit, fault, row in zip(hits, bad, rows, strict=True) if fault]
        for measure, pairs in (("precision", precise), ("recall", recalled)):
            print(f"{name}: {measure} {rate([right for right, _ in pairs], [row for _, row in pairs])}")


def main() -> None:
    """Print both tables, and the quality on the random labels alone."""
    rows = [json.loads(line) for line in READ.read_text(encoding="utf-8").splitlines()]
    drawn = [row for row in rows if row["drawn"] == "random"]
    drops = dropped()
    errors(drawn)
    for title, some in ((f"all {len(rows)}", rows), (f"the {len(drawn)} drawn at random", drawn)):
        print(f"on {title}:")
        quality(some, drops)


if __name__ == "__main__":
    main()
