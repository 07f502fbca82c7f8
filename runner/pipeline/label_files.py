"""Labels in, files for other trainers out.

These are chat lines as OpenAI takes them, ShareGPT and Alpaca lines (LLaMA-Factory, axolotl), and a folder of `datasets` with a
data card (TRL). Each can be the labels of a corpus again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from runner.component import identity
from runner.config.messages import default_choices
from runner.config.study import TUNED, Study
from runner.data.atomic_write import whole_folder
from runner.data.extra_columns import words
from runner.data.label_forms import DATASETS, row
from runner.data.own_folders import LABELS, check_free, written_before
from runner.data.records import Label, Labelling, digest
from runner.errors import Fault
from runner.pipeline.data_card import PAIRS, TEXTS, write_card


def folder_of(study: Study, several: bool) -> Path | None:
    """Return the folder for a study's labels, if any.

    `several` is True in a sweep, where each run has a folder of its own.
    """
    if not study.settings.labels_to:
        return None
    folder = Path(study.settings.labels_to).expanduser()
    names = (study.corpus.name, labels_name(study)) if several else ()
    return folder.joinpath(*(re.sub(r"[^\w.=-]+", "-", name)[:150].strip("-.") or "labels" for name in names))


def labels_name(study: Study) -> str:
    """Name labels by what was chosen for them."""
    choice = study.choices["model@teacher"]
    teacher = [f"teacher={choice}"] if study.method.asks and choice != default_choices()["model@teacher"] else []
    deciding = {"method", "teacher", "subset_seed", "seed"}
    changed = [f"{name}={value}" for name, value in study.overrides.items() if name.partition(".")[0] in deciding]
    return " ".join([study.title(TUNED), *teacher, *changed])


def check_label_files(study: Study, folder: Path) -> None:
    """Raise a Fault if the folder can't be used."""
    # Labels may lie there. Whether they are these very ones is known once these are written, but a teacher is paid before that.
    check_free(folder, "labels_to", ours=(folder / LABELS).exists())
    with suppress(OSError, ValueError, LookupError, TypeError):  # no mark, or one without the words `of`
        if json.loads((folder / LABELS).read_bytes())["of"] == _made_of(study):
            return
        raise Fault(
            f"labels_to={folder}: other labels are there already, of another corpus, method, teacher, size, labels_as or "
            "labels_licence. Name another folder, or remove it"
        )


def _made_of(study: Study) -> str:
    """Hash what is known of labels before they are made."""
    settings, source = study.settings, study.source
    corpus = [source.sections, source.labels, source.purpose, source.facts]
    forms = [settings.labels_as, settings.labels_licence]
    return digest([identity(study.method), study.taught_by, identity(study.size), settings.subset_seed, corpus, forms])


def write_label_files(study: Study, labelling: Labelling, labels: Sequence[Label], folder: Path) -> None:
    """Write the labels in every form of `labels_as`."""
    check_label_files(study, folder)
    forms, key = study.settings.labels_as, digest([labels, study.settings.labels_as, study.settings.labels_licence])
    with study.store.lock(f"labels-{digest(folder.resolve())}"):
        if written_before(folder / LABELS, "digest", key, f"labels_to={folder}: other labels are"):
            return
        with whole_folder(folder) as draft:
            _write_lines(study, labels, draft)
            if DATASETS in forms:
                write_card(study, labelling, labels, draft / DATASETS)
            mark = {"labels": len(labels), "forms": forms, "digest": key, "of": _made_of(study)}
            (draft / LABELS).write_text(json.dumps(mark), encoding="utf-8")


def _write_lines(study: Study, labels: Sequence[Label], folder: Path) -> None:
    pairs, texts = [label for label in labels if label.question], [label for label in labels if not label.question]
    for form in study.settings.labels_as:
        for chosen, name, config in ((pairs, form, PAIRS), (texts, f"{form}-texts", TEXTS)):
            rows = [row(label, form, study.settings.instruction) for label in chosen]
            if rows and form == DATASETS:
                _write_table(rows, folder / DATASETS / "data" / f"{config}.parquet")
            elif rows:
                (folder / f"{name}.jsonl").write_text("".join(f"{_json(each)}\n" for each in rows), encoding="utf-8")


def _json(values: Mapping[str, Any]) -> str:
    # Escaped where it holds what is no character, such as half of a surrogate pair.
    text = json.dumps(values, ensure_ascii=False)
    return text if text.encode("utf-8", "ignore").decode() == text else json.dumps(values)


def _write_table(rows: Sequence[dict[str, Any]], file: Path) -> None:
    # Imported here, since it takes a second.
    import pyarrow
    from pyarrow import parquet

    names = list(dict.fromkeys(name for each in rows for name in each))
    for name in names:
        # A column has one type. One whose values differ is written as words.
        kinds = {type(each[name]) for each in rows if name in each}
        if len(kinds) > 1 and not kinds <= {int, float}:
            rows = [each | words({name: each[name]}) if name in each else each for each in rows]
    file.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: [each.get(name) for each in rows] for name in names}
    parquet.write_table(pyarrow.table(columns), file)
