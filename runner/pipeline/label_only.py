"""A study in, its labels made and tracked; nothing is trained."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from runner.comparison.words import counted, number
from runner.config.study import TUNED, Study
from runner.data.ledger_words import in_words
from runner.data.records import Label, Labelling, digest
from runner.pipeline.executor import Executor
from runner.pipeline.filtering import dropped_words
from runner.pipeline.label_files import labels_name
from runner.pipeline.labels import label
from runner.pipeline.parameters import parameters
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from runner.pipeline.tracking import track_labels
from runner.spending.usage import cost_metrics
from runner.terminal.log_names import named

SAMPLES = 5
LONGEST = 300  # characters of a question or text that is shown


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """The labels of a study, before any training."""

    labelling: Output[Labelling]
    labels: Sequence[Label]  # of the size
    shortage: str


def labelled(study: Study, executor: Executor) -> Labelled:
    """Make a study's labels, and draw those of its size."""
    labelling = label(study, executor)
    subset = draw(study, labelling).value
    return Labelled(labelling=labelling, labels=subset.labels, shortage=subset.shortage)


def label_only(study: Study, parent: str | None = None) -> str:
    """Make the labels of a study, and track them.

    Return the id of their run.
    """
    with named(study.title(TUNED)):
        made = labelled(study, executor := StoreExecutor(study, parent))
    dropped = made.labelling.value.dropped
    # Two filters may leave the same labels and drop others, or for other reasons; each has a run of its own.
    key, tags = digest(["labels", made.labels, *([dropped] if dropped else [])]), {"runner.kind": "labels"}
    with study.tracker.run(study.corpus.name, key, f"labels: {labels_name(study)}", tags, parent) as run:
        executor.refer(key)
        deciding = ("corpus", "method", "size", "teacher")
        settings = {name: value for name, value in parameters(study, TUNED).items() if name.partition(".")[0] in deciding}
        run.log({"seconds/label": made.labelling.seconds}, settings)
        run.log(cost_metrics({"label": made.labelling.usage}, study.settings.prices), _counts(made.labels))
        track_labels(study, run, made.labelling.value, made.labels)
        run.text("config.yaml", study.config)
        return run.id


def summary(study: Study) -> list[str]:
    """Write what was labelled, the ledgers, and some labels."""
    made = labelled(study, StoreExecutor(study))
    by_category = Counter(label.category for label in made.labels)
    categories = ", ".join(f"{name} {count}" for name, count in by_category.items())
    counts, every = _counts(made.labels), len(made.labelling.value.labels)
    of_every = f" of the {number(every)} that were kept," if every > counts["labels"] else ""
    step = max(1, len(made.labels) // SAMPLES)
    return [
        f"{study.title(TUNED)}: {counted(counts['labels'], 'label')}{of_every} with {counts['label_tokens']} tokens (words and "
        "punctuation marks)",
        *([f"  {made.shortage}"] if made.shortage else []),
        f"  by category: {categories}",
        *(f"  {in_words(ledger)}" for ledger in made.labelling.value.ledgers),
        *(line for label in made.labels[::step][:SAMPLES] for line in _sample(label)),
        *_dropped(made.labelling.value.dropped),
    ]


def _counts(labels: Sequence[Label]) -> dict[str, int]:
    return {"labels": len(labels), "label_tokens": sum(label.tokens for label in labels)}


def _dropped(dropped: Sequence[Label]) -> list[str]:
    """Write some dropped labels, and where all are."""
    if not dropped:
        return []
    shown = [f"  - {label.extra['filter']}: {dropped_words(label)}" for label in dropped[:SAMPLES]]
    return [f"  dropped: {counted(len(dropped), 'label')}, in dropped_labels.json among the run's artifacts", *shown]


def _sample(label: Label) -> list[str]:
    """Write a label in some lines."""
    shown = [f"  - {label.section or label.category}"]
    for name, text in (("Q", label.question or label.around), ("A" if label.question else "text", label.answer)):
        short = " ".join(text.split())
        shown += [f"    {name}: {short[:LONGEST]}{'...' if len(short) > LONGEST else ''}"] if short else []
    return shown
