"""A corpus's words in, its labels and exam questions out."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TypeVar

import yaml

from runner.commands.command_settings import command_settings
from runner.config.classes import component_class
from runner.config.places import CONF
from runner.config.study import Study
from runner.errors import Fault
from runner.model.recorded import Recorded
from runner.pipeline.executor import Stage
from runner.pipeline.label_only import labelled
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.review_page.gathered import ReviewedItems, candidates_of_labels, candidates_of_questions, folder_of, merged
from runner.sweep.grid import built

R = TypeVar("R")
LISTED = ("method", "size", "model@teacher")  # groups of which several choices may be named
PEOPLE = "people"  # the origin of an exam that no model wrote


def corpus_items(words: Sequence[str]) -> ReviewedItems:
    """Gather the items of a corpus, named as for run.py.

    Labels are those that people wrote, and those of each method that are kept or recorded. No teacher is asked: of a method that
    the words name, labels that are not made yet are a Fault; of other methods there are just none.
    """
    named = any(word.startswith("method=") for word in words)
    points = list(_points(words)) if named else [[*words, f"method={method}"] for method in _methods()]
    studies = [_study(point) for point in points]
    # So that the command reads it in a moment on another day.
    studies[0].keep_material()
    source, missing = studies[0].source, list[str]()
    candidates = candidates_of_labels(source.labels)
    exam = studies[0].exam_set
    candidates += candidates_of_questions(exam.questions, exam.origin or PEOPLE)
    for study in studies:
        if not study.method.asks:
            continue
        try:
            candidates += candidates_of_labels(labelled(study, KeptStages(study)).labels)
        except Fault as fault:
            if named:
                raise
            missing.append(f"no labels of method={study.choices['method']}: {str(fault).splitlines()[0]}")
    if not candidates:
        raise Fault("\n".join([f"{studies[0].corpus.name}: there is neither a label nor an exam question to review.", *missing]))
    sections = {section.id: section for section in source.sections}
    return ReviewedItems(
        name=studies[0].corpus.name,
        candidates=merged(candidates),
        sections=sections,
        store=studies[0].store,
        folder=folder_of(studies[0].corpus),
    )


def _methods() -> list[str]:
    """Return the methods that ask a teacher; mixtures hold their labels again."""
    files = [file for file in sorted((CONF / "method").glob("*.yaml")) if "+" not in file.stem and file.stem != "mixed"]
    # Before a study is built, since each takes about a second.
    return [file.stem for file in files if component_class(yaml.safe_load(file.read_text(encoding="utf-8"))["_target_"]).asks]


def _points(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield a command for each combination of listed choices."""
    split = [word.partition("=") for word in words]
    choices = [
        [f"{name}={choice}" for choice in value.split(",")] if name in LISTED else [f"{name}{equals}{value}"]
        for name, equals, value in split
    ]
    yield from map(list, product(*choices))


def _study(words: Sequence[str]) -> Study:
    with command_settings([*words, "task=label"]) as config:
        # The questions as they were before people corrected them: reviews are about those.
        if "reviews" in config.corpus:
            config.corpus.reviews = None
        return built(config, config.hydra)


class KeptStages(StoreExecutor):
    """An executor that asks no teacher but a recorded one."""

    def do(self, stage: Stage[R]) -> Output[R]:
        """Return a stage that is kept; a Fault if a teacher would be asked."""
        recorded = stage.name == "labels" and isinstance(self.study.teacher, Recorded)  # a judge of filters is none
        if stage.asks and not recorded and not self.study.store.find(stage.name, stage.inputs, stage.read):
            method, size = self.study.choices["method"], self.study.choices["size"]
            raise Fault(
                f"these labels are not made yet, and runner-review asks no teacher. Make them: "
                f"run.py task=label method={method} size={size} with the same corpus and teacher"
            )
        return super().do(stage)


def corpus_words(target: str) -> list[str]:
    """Return the words of run.py for a folder."""
    return ["corpus=folder", f"corpus.path={Path(target).expanduser()}"]
