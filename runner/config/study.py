"""A built study: everything that one run needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from omegaconf import DictConfig

from runner.baseline import Baseline
from runner.component import identity
from runner.config.arm_texts import read_texts
from runner.config.earlier import Earlier, earlier
from runner.config.exams import any_exam, corrected, exam_inputs, kept_exam, made, no_exam, planned_exam, with_exam
from runner.config.further_inputs import further_inputs
from runner.config.reviews import read_standings
from runner.config.secrets import as_yaml
from runner.config.sections import keep_corpus, read_corpus
from runner.config.settings import Settings
from runner.corpus import Corpus
from runner.data.editions import apart
from runner.data.exam_set import ExamSet
from runner.data.general_pairs import own_pairs
from runner.data.general_set import GeneralSet
from runner.data.records import Material, Question, digest
from runner.data.reviews import Standing
from runner.data.text import normal, words_version
from runner.exam import ExamSource
from runner.filter import Filter, asking
from runner.grader import Grader
from runner.keep import Keep
from runner.method import Method
from runner.metric import Metric
from runner.model import Model, Tunable
from runner.model.text_version import encoding_version, text_version
from runner.refine import Refine
from runner.retention import Retention
from runner.retrieval import StudentSearch
from runner.retriever import Retriever
from runner.review import ReviewUse
from runner.size import Size
from runner.store import Store
from runner.store.choose import open_store
from runner.tracker import Tracker
from runner.tuner import Tuner

TUNED = "tuned"  # the name of the tuned arm; every other arm has the name of its baseline
RAG = "rag"  # the baseline in whose prompt a tuned student reads passages


@dataclass(frozen=True)
class Study:
    """The components of one run, and the values beside them."""

    corpus: Corpus
    exam: ExamSource
    model: Tunable
    teacher: Model
    judge: Model
    examiner: Model
    method: Method
    size: Size
    tuner: Tuner
    keep: Keep
    refine: Refine
    retriever: Retriever
    retrieval: StudentSearch
    baseline: Mapping[str, Baseline]
    grader: Grader
    metric: Mapping[str, Metric]
    review: ReviewUse
    filter: Mapping[str, Filter]
    retention: Retention
    tracker: Tracker
    settings: Settings
    choices: Mapping[str, str]  # the choice of each group, by its name on the command line
    overrides: Mapping[str, str]  # settings that the command changed and that decide numbers
    composed: DictConfig  # the config, as Hydra composed it

    @cached_property
    def config(self) -> str:
        """Return the resolved config as yaml, without secrets."""
        return as_yaml(self.composed)

    @cached_property
    def store(self) -> Store:
        """Return the store; nothing is written before it is used."""
        # Built when it is needed: a study travels to the jobs of a sweep as its config, and is built again there.
        return open_store(self.settings.store)

    @cached_property
    def source(self) -> Material:
        """Read the corpus, or find what was read before."""
        # Kept only by `keep_material`: a preview and a refused command write nothing.
        return read_corpus(self.corpus, self.store)

    @cached_property
    def reviews(self) -> Mapping[str, Standing]:
        """Return the outcomes of people's reviews, by item."""
        return read_standings(self.corpus, self.source.sections, self.review.applies)

    @cached_property
    def label_reviews(self) -> Mapping[str, Standing]:
        """Return those of labels; none if the study uses no reviews."""
        return {item: each for item, each in self.reviews.items() if self.review.applies and each.kind == "label"}

    @cached_property
    def exam_set(self) -> ExamSet:
        """Return the exam that the study's arms take.

        People may have corrected it. One that a model has yet to write has stand-ins for its questions. Labels that are made
        alone need none, and nobody is asked to write one.
        """
        if self.settings.labels_only:
            if self.exam_missing:
                return no_exam(self.source, f"exam={self.choices['exam']} is not written yet; a study (task=study) writes it")
            return any_exam(self.source, lambda: corrected(self.raw_exam, self.reviews))
        return corrected(self.raw_exam, self.reviews)

    @cached_property
    def raw_exam(self) -> ExamSet:
        """Return the exam before people corrected it."""
        if not self.exam.asks:
            return made(self.exam, self.source, self.examiner)
        return self._kept_exam or planned_exam(self.exam, self.source)

    @property
    def exam_missing(self) -> bool:
        """Return true if the exam is yet to be written."""
        return self.exam.asks and self._kept_exam is None

    @cached_property
    def exam_inputs(self) -> list[Any]:
        """Return all that decides the exam that a model writes."""
        return exam_inputs(self.exam, self.source, self.examiner)

    @cached_property
    def _kept_exam(self) -> ExamSet | None:
        return kept_exam(self.store, self.exam_inputs)

    @cached_property
    def material(self) -> Material:
        """Return the corpus with the questions of the exam."""
        return with_exam(self.source, self.exam_set)

    @cached_property
    def withdrawn(self) -> tuple[Question, ...]:
        """Return the questions on facts that documents no longer state."""
        return apart(self.exam_set.questions)[1]

    @cached_property
    def examined(self) -> frozenset[str]:
        """Return the questions of the exam in normal form.

        Those on withdrawn facts are among them: a tuned model is asked them too. So are the former words of questions that people
        corrected or rejected, since they ask the same.
        """
        # Labels that are made alone need no exam. One that nobody corrected is the same object.
        former = () if self.settings.labels_only or self.exam_set is self.raw_exam else self.raw_exam.questions
        # Compared as normal forms, or a capital letter would hide a leak.
        return frozenset(normal(question.question) for question in (*self.material.questions, *self.withdrawn, *former))

    def keep_material(self) -> None:
        """Keep the corpus that was read, for other processes."""
        keep_corpus(self.corpus, self.store)

    @cached_property
    def knowledge(self) -> GeneralSet:
        """Read the general questions, pairs to replay and page."""
        return self.retention.read()

    @cached_property
    def general_pairs(self) -> tuple[tuple[str, str], ...]:
        """Read the general pairs of the remedy against forgetting."""
        if not self.keep.general:
            return ()
        return own_pairs(self.keep.path) if self.keep.path else self.knowledge.replay

    @cached_property
    def earlier(self) -> Earlier | None:
        """Find the checkpoint that the training begins with, if any."""
        start = self.settings.start
        return earlier(start, self.model, self.store, self.tracker, self.material) if start else None

    @property
    def to_label(self) -> Material:
        """Return the part of the corpus to label."""
        return self.earlier.to_label if self.earlier else self.material

    @property
    def arms(self) -> list[str]:
        """List the arms of this study, baselines first."""
        return [*self.baseline, TUNED]

    def title(self, arm: str) -> str:
        """Return the name of an arm for people."""
        # By the size's own name: size=5x size.scale=7 is 7x.
        return f"{self.choices['method']} {self.size.name}" if arm == TUNED else arm

    @cached_property
    def judged_by(self) -> dict[str, Any] | None:
        """Return the identity of the judge, or None without one."""
        return identity(self.judge) if self.grader.asks else None  # so that another judge= does not grade again

    @property
    def filters_ask(self) -> bool:
        """Return true if a filter asks the judge."""
        return any(map(asking, self.filter.values()))

    @cached_property
    def taught_by(self) -> dict[str, Any] | None:
        """Return the identity of the teacher, or None without one."""
        return identity(self.teacher) if self.method.asks else None

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {}

    def key(self, arm: str) -> str:
        """Return the hash of all that decides an arm's numbers."""
        # Kept, since it is a hash over the whole corpus and is needed often.
        if arm not in self._keys:
            self._keys[arm] = digest(self._inputs(arm))
        return self._keys[arm]

    def answers_key(self, arm: str) -> str:
        """Return the hash of all that decides an arm's answers."""
        # The baselines that an arm is set beside change what is tracked with it, but not what it answers.
        if (name := f"answers of {arm}") not in self._keys:
            inputs = self._inputs(arm)
            self._keys[name] = digest({part: value for part, value in inputs.items() if part != "baselines"})
        return self._keys[name]

    def searched(self, baseline: str, retriever: Retriever | None = None) -> list[Any] | None:
        """Return all that decides a baseline's passages, or None.

        By default they are those of the study's retriever.
        """
        retriever = retriever or self.retriever
        # Of a baseline that does not search, neither the documents nor the retriever decide anything.
        if not self.baseline[baseline].retrieves:
            return None
        return [identity(retriever), self.material.sections, *self.encoded_as]

    @cached_property
    def encoded_as(self) -> list[str]:
        """Return further inputs of a stage that encodes the sections."""
        return [*encoding_version(section.text for section in self.material.sections), *self.worded_as]

    @cached_property
    def worded_as(self) -> list[str]:
        """Return further inputs of a stage that counts words."""
        return words_version(f"{section.title} {section.heading} {section.text}" for section in self.material.sections)

    def _inputs(self, arm: str) -> dict[str, Any]:
        # These names and values are hashed, and the tracker finds finished arms by the hash. Another name would do all arms
        # again.
        material, settings = self.material, self.settings
        searched = self.baseline[arm].retrieves if arm in self.baseline else self.retrieval.retrieves
        inputs: dict[str, Any] = {
            "arm": arm,
            "model": identity(self.model),
            "grader": identity(self.grader),
            "judge": self.judged_by,
            "metric": {name: identity(metric) for name, metric in self.metric.items() if searched or not metric.passages},
            "questions": material.questions,
        }
        if self.withdrawn:  # only then, so that the arms of all other exams are found again
            inputs["withdrawn"] = self.withdrawn
        texts = read_texts(material, self.withdrawn, settings.instruction, arm == TUNED, arm == TUNED or searched)
        if version := text_version(self.model, texts):
            inputs["text"] = version
        # Who wrote the exam is tracked with each arm. Beside one that people wrote, no label is left out for its likeness alone.
        if self.exam_set.origin:
            inputs["exam"] = self.exam_set.origin
        if arm in self.baseline:
            return {**inputs, "baseline": identity(self.baseline[arm]), "searched": self.searched(arm)}
        return {
            **inputs,
            **further_inputs(self, RAG),
            "method": identity(self.method),
            "teacher": self.taught_by,
            "size": identity(self.size),
            "tuner": identity(self.tuner),
            "retention": identity(self.retention),
            "knowledge": self.knowledge,
            "material": material,
            "seeds": [settings.subset_seed, *settings.training_seeds],
            "asked": [settings.near, settings.recall],
            "instruction": settings.instruction,
            "reply_tokens": settings.reply_tokens,
            # gain/base and gap/rag are tracked with the arm, and change with the baselines.
            "baselines": {name: self.key(name) for name in self.baseline},
        }

    def finished(self, arm: str = TUNED) -> bool:
        """Return true if an arm was finished before."""
        row = self.tracker.find(self.corpus.name, self.key(arm))
        return row is not None and row.status == "FINISHED"
