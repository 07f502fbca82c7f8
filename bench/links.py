"""Labels whose facts are known, by reading or as they were made for; precision and recall of the links by words, printed."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.data.records import Label, Material
from runner.exam_checks.fact_links import linked
from runner.statistics import interval
from tests.given import study

CHECKED = Path(__file__).resolve().parent.parent / "tests" / "links.jsonl"
Known = list[tuple[Label, frozenset[str]]]  # labels with the facts that they state


def checked(sample: str) -> Known:
    """The hand-checked token labels of a sample."""
    rows = [json.loads(line) for line in CHECKED.read_text(encoding="utf-8").splitlines()]
    return [
        (
            Label(question=row["question"], answer=row["answer"], section=row["section"], method="token", category="",
                  origin=CHECKED.name, position=0),
            frozenset(row["facts"]),
        )
        for row in rows
        if row["sample"] == sample
    ]  # fmt: skip


def recorded() -> tuple[Material, Known]:
    """Read the corpus and the recorded fact labels, each with the fact that it was asked for."""
    chosen = study("corpus=sports", "method=fact")
    material = chosen.corpus.read()
    labelling = chosen.method.label(material, chosen.teacher, 10)
    return material, [(label, frozenset({label.fact})) for label in labelling.labels]


def share(right: Sequence[bool], facts: Sequence[str]) -> str:
    """A share with its interval, clustered by fact, in words."""
    found = interval(right, facts)
    return f"{sum(right)}/{len(right)} = {found.estimate:.3f} ({found.low:.3f} to {found.high:.3f})" if found else "none"


def measure(name: str, known: Known, material: Material) -> None:
    """Print how well the rule finds the facts of labels."""
    began = time.monotonic()
    links = linked([label for label, _ in known], material.questions)
    seconds = time.monotonic() - began
    found = [(fact, fact in stated) for (_, stated), facts in zip(known, links, strict=True) for fact in sorted(facts)]
    stated = [(fact, fact in facts) for (_, truth), facts in zip(known, links, strict=True) for fact in sorted(truth)]
    print(f"{name}: {len(known)} labels, {seconds:.2f} s")
    for measured, cases in (("precision", found), ("recall", stated)):
        print(f"  {measured:9} {share([right for _, right in cases], [fact for fact, _ in cases])}")


def main() -> None:
    """Print for each sample, and again as though the labels named no section."""
    material, made = recorded()
    samples = {
        "held out, by reading": checked("held out"),
        "development, by reading": checked("development"),
        "development, fact labels (another fact that one states counts as wrong)": made,
    }
    for name, known in samples.items():
        measure(name, known, material)
    for name, known in samples.items():
        measure(f"no section, {name}", [(replace(label, section=""), facts) for label, facts in known], material)


if __name__ == "__main__":
    main()
