"""Labels in, the data card of their data set out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from runner.comparison.words import counted
from runner.component import Component
from runner.config.study import TUNED, Study
from runner.corpus import InFolder
from runner.data.ledger_words import in_words
from runner.data.records import Label, Labelling
from runner.version import RELEASE, commit

PAIRS, TEXTS = "pairs", "texts"  # configs of the data set
LICENCES = ("LICENSE", "LICENCE", "COPYING", "NOTICE")


def write_card(study: Study, labelling: Labelling, labels: Sequence[Label], folder: Path) -> None:
    """Write README.md with the Hub's metadata."""
    from huggingface_hub import DatasetCard, DatasetCardData

    kinds = [name for name in (PAIRS, TEXTS) if any(bool(label.question) == (name == PAIRS) for label in labels)]
    configs: list[dict[str, Any]] = [{"config_name": name, "data_files": f"data/{name}.parquet"} for name in kinds]
    if configs:
        configs[0]["default"] = True  # so that the folder can be loaded without a name
    data = DatasetCardData(
        license=study.settings.labels_licence or ("other" if licence_files(study) else "unknown"),
        pretty_name=f"{study.corpus.name}: {study.title(TUNED)}",
        tags=["experiment-runner", f"method-{study.choices['method']}"],
        configs=configs,
    )
    text = "\n\n".join(_parts(study, labelling, labels))
    folder.mkdir(parents=True, exist_ok=True)
    DatasetCard(f"---\n{data.to_yaml()}\n---\n\n{text}\n").save(folder / "README.md")


def licence_files(study: Study) -> list[str]:
    """Return the names of licence files in the corpus's folder."""
    if not isinstance(study.corpus, InFolder):
        return []
    root = Path(study.corpus.path).expanduser()
    places = [place for place in (root, root / "documents") if place.is_dir()]
    return sorted(file.name for place in places for file in place.iterdir() if file.stem.upper() in LICENCES and file.is_file())


def licence(study: Study) -> str:
    """Say what is known about the licence of the documents."""
    if study.settings.labels_licence:
        return f"The documents have this licence: {study.settings.labels_licence}."
    if files := licence_files(study):
        return f"The folder of the documents holds {', '.join(files)}. What it allows holds for labels made of them too."
    return "The licence of the documents is unknown: their folder holds no LICENSE file, and labels_licence was not set."


def _parts(study: Study, labelling: Labelling, labels: Sequence[Label]) -> Iterator[str]:
    """Yield the parts of the card's text."""
    made_by = " ".join(filter(None, (f"experiment-runner {RELEASE}", commit())))
    teacher = f"written by {study.teacher.name}" if study.method.asks else "without a teacher"
    yield f"# Labels of {study.corpus.name}: {study.title(TUNED)}"
    yield f"{counted(len(labels), 'label')} by method={study.choices['method']}, {teacher}. Made by {made_by}."
    yield f"## Licence\n\n{licence(study)}"
    by = {name: Counter(str(vars(label)[name]) for label in labels) for name in ("method", "category", "origin")}
    counts = [f"- {name} {value}: {count}" for name, values in by.items() for value, count in values.items()]
    tokens = sum(label.tokens for label in labels)
    yield "## Counts\n\n" + "\n".join([*counts, f"- tokens (words and punctuation marks): {tokens}"])
    ledgers = "\n".join(map(in_words, labelling.ledgers))
    yield f"## What became of each requested label\n\n```\n{ledgers}\n```"
    yield (
        "## Columns\n\n`question` and `answer`, and both as `messages` of a chat with the system message of the training; `text` "
        "for labels without a question (config `texts`). `section`, `fact`, `category`, `method` and `origin` say where a label "
        "comes from, `around` the question that a text was written around, `round` and `position` its place among the labels of "
        "its section or fact: a size of kx holds those with a position below k."
    )
    yield "## Settings and prompts\n\n" + "\n\n".join(_settings("method", study.method))


def _settings(name: str, component: Any) -> Iterator[str]:
    """Yield each setting of a component; a prompt in a block."""
    for part in fields(component):
        value, place = vars(component)[part.name], f"{name}.{part.name}"
        if isinstance(value, Component):
            yield from _settings(place, value)
        elif isinstance(value, str) and "\n" in value:
            yield f"{place}:\n\n````\n{value.rstrip()}\n````"
        else:
            yield f"- {place}: {value}"
