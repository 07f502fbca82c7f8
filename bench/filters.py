"""What filters drop of recorded labels, and what `supported` and `answers` find of wrong answers; printed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from tempfile import TemporaryDirectory

from runner.data.records import Label
from runner.filter.corrupt import Corrupt
from runner.filter.purpose import Purpose
from runner.filter.unique import BY_MEANING, Unique
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from tests.given import study

CHOSEN = ["supported", "unique", "answers"]
LIKENESS = 0.12  # as in conf/filter/purpose.yaml
WORDS = 0.9  # as in conf/filter/unique.yaml
MEANINGS = (0.95, 0.9, 0.85)  # of filter.unique.meaning
OTHER = {"quick": "silicon", "sports": "silicon", "silicon": "sports"}  # whose purpose the labels do not serve


def repeated(labels: Sequence[Label], meaning: float) -> int:
    """Count the labels that `unique` drops by their meaning alone."""
    dropped = Unique(likeness=WORDS, meaning=meaning).apply(labels, []).dropped
    return sum(each.extra["reason"] == BY_MEANING for each in dropped)


def row(corpus: str, method: str, store: str) -> str:
    """Measure one method's labels of a corpus up to 5x."""
    chosen = study(f"corpus={corpus}", f"method={method}", "size=5x", f"filter=[{','.join(CHOSEN)}]", f"store={store}")
    labelling = label(chosen, StoreExecutor(chosen)).value
    labels, sections = [*labelling.labels, *labelling.dropped], chosen.material.sections
    dropped = {name: len(chosen.filter[name].apply(labels, sections).dropped) for name in CHOSEN}
    wrong = Corrupt(rate=1, seed=0).apply(labels, sections).labels
    found = Counter(each.extra["error"] for each in chosen.filter["supported"].apply(wrong, sections).dropped)
    kinds = Counter(each.extra["error"] for each in wrong if "error" in each.extra)
    shares = ", ".join(f"{kind} {100 * found[kind] / count:.0f}% of {count}" for kind, count in sorted(kinds.items()))
    counts = ", ".join(f"{name} {dropped[name]}" for name in CHOSEN)
    swapped = [replace(each, answer=other.answer) for each, other in zip(labels, labels[1:] + labels[:1], strict=True)]
    unfit = 100 * len(chosen.filter["answers"].apply(swapped, sections).dropped) / len(labels)
    purposes = [study(f"corpus={name}", f"store={store}").material.purpose for name in (corpus, OTHER[corpus])]
    rule = Purpose(likeness=LIKENESS)
    own, other = (100 * len(rule.apply_for(each, labels, sections).dropped) / len(labels) for each in purposes)
    meanings = ", ".join(f"{meaning}: {repeated(labels, meaning)}" for meaning in MEANINGS)
    return (
        f"{corpus} {method}: of {len(labels)} recorded labels {counts} dropped; by meaning alone at {meanings}; "
        f"wrong answers found by supported: {shares}; "
        f"answers of the next label found by answers: {unfit:.0f}%; "
        f"dropped by purpose: {own:.1f}% for its own, {other:.1f}% for that of {OTHER[corpus]}"
    )


def main() -> None:
    """Print a line for each corpus and method."""
    with TemporaryDirectory() as store:
        for corpus, method in (
            ("quick", "fact"),
            ("sports", "fact"),
            ("sports", "token"),
            ("silicon", "fact"),
            ("silicon", "token"),
        ):
            print(row(corpus, method, store))


if __name__ == "__main__":
    main()
