"""What the filters drop of recorded labels, and how many wrong answers `supported` finds; printed."""

from collections import Counter
from tempfile import TemporaryDirectory

from runner.filter.corrupt import Corrupt
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from tests.given import study

CHOSEN = ["supported", "unique"]


def row(corpus: str, method: str, store: str) -> str:
    """Measure one method's labels of a corpus up to 5x."""
    chosen = study(f"corpus={corpus}", f"method={method}", "size=5x", f"filter=[{','.join(CHOSEN)}]", f"store={store}")
    labelling = label(chosen, StoreExecutor(chosen)).value
    labels = [*labelling.labels, *labelling.dropped]
    dropped = Counter(each.extra["filter"] for each in labelling.dropped)
    wrong = Corrupt(rate=1, seed=0).apply(labels, chosen.material.sections).labels
    found = Counter(each.extra["error"] for each in chosen.filter["supported"].apply(wrong, chosen.material.sections).dropped)
    kinds = Counter(each.extra["error"] for each in wrong if "error" in each.extra)
    shares = ", ".join(f"{kind} {100 * found[kind] / count:.0f}% of {count}" for kind, count in sorted(kinds.items()))
    counts = ", ".join(f"{name} {dropped[name]}" for name in CHOSEN)
    return f"{corpus} {method}: of {len(labels)} recorded labels {counts} dropped; wrong answers found by supported: {shares}"


def main() -> None:
    """Print a line for each corpus and method."""
    with TemporaryDirectory() as store:
        for corpus, method in (("quick", "fact"), ("sports", "token"), ("silicon", "fact"), ("silicon", "token")):
            print(row(corpus, method, store))


if __name__ == "__main__":
    main()
