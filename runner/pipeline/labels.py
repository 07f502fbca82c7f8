"""Sections to labels: the labelling method asks the teacher."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.component import identity
from runner.config.contracts import returned
from runner.config.study import Study
from runner.data.guesses import Forecastable
from runner.data.records import Label, Labelling, Section, digest, read, write
from runner.data.taught import Unlabelled
from runner.data.text import count
from runner.errors import Fault, RefusedRequest
from runner.method import Composed
from runner.pipeline.context import without_long_labels
from runner.pipeline.examined import without_leaks
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.filtering import all_dropped, filtered
from runner.pipeline.results import Output
from runner.pipeline.reviewing import reviewed
from runner.pipeline.upkeep import with_earlier


def labelling_locks(study: Study) -> list[str]:
    """Return the keys of locks on a method's labelling, sorted."""
    # All sizes share them, since they send the same requests: a smaller size then finds the replies of a larger one. The same
    # holds for a method and one that is composed of it.
    methods = study.method.parts if isinstance(study.method, Composed) else [study.method]
    inputs = [[identity(method), identity(study.teacher), study.material.sections] for method in methods]
    # In one order everywhere, or two jobs with one lock each might wait for the other's.
    return sorted(f"teaching-{digest(each)}" for each in inputs)


def label(study: Study, executor: Executor, scale: float | None = None) -> Output[Labelling]:
    """Label the sections, by default up to the size's scale."""
    material, scale = study.to_label, study.size.scale if scale is None else scale

    def make(folder: Path, access: ModelAccess) -> None:
        guesses = study.method.guesses if isinstance(study.method, Forecastable) else None
        teacher = access.model("label", study.teacher, guesses)
        try:
            labelling: Labelling = returned(study.method, "label", study.method.label(material, teacher, scale), Labelling)
        except RefusedRequest as refused:
            raise _with_section(refused, material.sections) from None
        for each in returned(study.method, "label", labelling.labels, Sequence):  # not a generator, which is read once
            returned(study.method, "label", each, Label)
        write(folder / "labelling.jsonl", [labelling])

    labels = Stage(
        name="labels",
        inputs=[
            *(identity(study.method), study.taught_by, scale, material.sections, material.labels, material.purpose),
            # Only where there are some, so that the labels of all other corpora are found in older stores.
            *([material.facts] if material.facts else ()),
            *([{"whole": material.whole}] if isinstance(material, Unlabelled) else ()),
            *study.worded_as,
        ],
        make=make,
        read=lambda folder: read(folder / "labelling.jsonl", Labelling)[0],
        asks=True,
        locks=labelling_locks(study),
        stand_in=lambda: Labelling(labels=()),
        requests_follow=True,  # a method asks again until it has enough labels
    )
    output = executor.do(labels)
    # After the stage, so that another exam keeps the labels that were paid for.
    kept = filtered(study, executor, replace(output, value=without_leaks(study, reviewed(study, output.value))))
    if reason := all_dropped(kept.value):
        raise Fault(reason)
    safe = with_earlier(study, executor, kept)
    # Its tokenizer is not loaded where no student is trained.
    return safe if study.settings.labels_only else replace(safe, value=without_long_labels(study, safe.value))


def _with_section(refused: RefusedRequest, sections: Sequence[Section]) -> Fault:
    """Add the section that a refused request was on."""
    those = [section for section in sections if section.text in refused.text]
    if not those:
        return refused
    section = max(those, key=lambda section: len(section.text))
    tokens = count(section.text)
    return Fault(
        f"{refused}. The request was on the section {section.id!r} of {tokens:,} tokens. If it is too long: split sections into "
        f"shorter ones (corpus.longest={max(50, tokens // 2)}), allow shorter replies (method.reply_tokens), or take a model "
        "with a longer context"
    )
