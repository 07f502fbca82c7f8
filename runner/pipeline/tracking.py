"""Results of an arm in, a tracked run out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from statistics import fmean
from typing import Any

from runner.config.earlier import CHECKPOINTS
from runner.config.study import TUNED, Study
from runner.data.answer_length import mean_words
from runner.data.extra_columns import cells, columns, label_rows
from runner.data.records import Label, Labelling, Outcome, Section, digest
from runner.exam_checks.fact_links import stated
from runner.exam_checks.near_duplicates import Near, nearest
from runner.pipeline.measure import measure, tuned_outcome
from runner.pipeline.parameters import parameters, run_name, tags
from runner.pipeline.passages_judged import held_answers, on_the_question, places
from runner.pipeline.results import NOT_ASKED, NOTHING, ExamResult, GeneralResult, Retrieval, TunedResult
from runner.pipeline.round_tracking import round_exams, round_ledgers, track_rounds
from runner.pipeline.upkeep import all_taught
from runner.pipeline.verdicts import WORDS, disagreements, explained
from runner.pipeline.withdrawn import former_answers
from runner.spending.usage import Usage, cost_metrics
from runner.tracker import Dataset, Run


@contextmanager
def tracked_run(study: Study, name: str, parent: str | None) -> Iterator[Run]:
    """Open the tracked run of an arm."""
    key, corpus = study.key(name), study.corpus.name
    with study.tracker.run(corpus, key, run_name(study, name), tags(study, name), parent) as run:
        # A finished run stays as it was. Settings are added that an earlier version of the program did not track.
        run.log({}, parameters(study, name))
        if not run.finished:
            run.text("config.yaml", study.config)
            if remarks := study.material.remarks:
                run.table("documents", [{"kind": kind, "text": text} for kind, text in remarks])
        yield run


def track_labels(study: Study, run: Run, labelling: Labelling, labels: Sequence[Label]) -> None:
    """Track labels, their ledgers, and what was dropped."""
    columns = ("question", "answer", "category")
    run.dataset(Dataset(f"{study.title(TUNED)} labels", digest(labels), "training", len(labels), columns))
    run.table("labels", label_rows(labels))
    run.text("ledger.json", json.dumps(list(map(asdict, labelling.ledgers)), indent=1))
    if labelling.dropped:
        run.table("dropped_labels", label_rows(labelling.dropped))


class TrackedArm:
    """An arm whose results are measured and tracked."""

    def __init__(self, study: Study, run: Run) -> None:
        """Track into an open run."""
        self.study, self.run, self.finished = study, run, run.finished

    def report_baseline(self, result: ExamResult, found: Retrieval = NOTHING, withdrawn: ExamResult = NOT_ASKED) -> None:
        """Measure and track a baseline.

        `found` is what it read, `withdrawn` what it says of withdrawn facts.
        """
        questions = self.study.material.questions
        outcome = Outcome(
            questions=questions,
            grades=(tuple(result.grades),),
            hits=on_the_question(questions, found),
            holding=held_answers(questions, result.answers),
            withdrawn=former_answers([withdrawn]),
        )
        self._exam(measure(self.study, outcome), [result])
        self._withdrawn([withdrawn])
        self.run.log({f"seconds/{stage}": seconds for stage, seconds in found.seconds.items()}, {})
        self._costs([result, withdrawn], {}, 0.0)

    def report_tuned(self, result: TunedResult) -> None:
        """Measure and track a tuned arm."""
        trainings = result.trainings
        near = nearest(all_taught(self.study, result.taught), self.study.material.questions, self.study.settings.near)
        numbers = measure(self.study, tuned_outcome(self.study, result, near))
        gains = self._gains(numbers)
        self._exam(numbers, [training.exam for training in trainings])
        self._withdrawn([training.withdrawn for training in trainings])
        self._training(result)
        self._refining(result)
        track_rounds(self.study, self.run, result)
        self._labels(result, near)
        self._general(numbers, result)
        self.run.log({**gains, "seconds/label": result.labelling.seconds}, {})
        exams = [exam for each in trainings for exam in (each.exam, each.training_questions, each.general.result, each.withdrawn)]
        exams += round_exams(result)
        tuning = [usage for training in trainings for usage in training.checkpoint.usage]
        self._costs(exams, {"label": result.labelling.usage, "tune": tuning}, gains.get("gain/base", 0.0))

    def _gains(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Return `gain/base`, the lead over base, and `gap/rag`."""
        # A study may have no accuracy among its metrics.
        gains: dict[str, float] = {}
        for name, sign, number in (("base", 1, "gain/base"), ("rag", -1, "gap/rag")):
            row = self.study.tracker.find(self.study.corpus.name, self.study.key(name)) if name in self.study.baseline else None
            if row and "accuracy" in numbers and "accuracy" in row.metrics:
                gains[number] = sign * (numbers["accuracy"] - row.metrics["accuracy"])
        return gains

    def _exam(self, numbers: Mapping[str, float], results: Sequence[ExamResult]) -> None:
        """Track numbers, and a row for each question and training."""
        seconds = {f"seconds/{stage}": sum(result.seconds[stage] for result in results) for stage in ("answer", "grade")}
        words = mean_words([answer.text for result in results for answer in result.answers])
        self.run.log({**numbers, **seconds, **({} if words is None else {"answer_words": words})}, {})
        questions = self.study.material.questions
        columns = ("question", "answer", "category")
        # By the hash that a tag of the arm has, too.
        self.run.dataset(Dataset(f"{self.study.corpus.name} exam", digest(questions), "evaluation", len(questions), columns))
        rows = _rows(results, self.study.material.sections)
        # The verdicts of `match` cost nothing, and are what those of a judge are set beside.
        if self.study.grader.asks:
            rows = explained(self.study, results, rows)
            self.run.table("disagreements", disagreements(rows))
        self.run.table("answers", rows)

    def _withdrawn(self, results: Sequence[ExamResult]) -> None:
        """Track the answers about withdrawn facts, apart from the exam."""
        if rows := _rows(results):
            self.run.table("withdrawn", rows)

    def _costs(self, results: Sequence[ExamResult], earlier: Mapping[str, Sequence[Usage]], gain: float) -> None:
        """Track the usage and cost of an arm."""
        # Kept replies count as those of this run, and work that several arms share counts for each of them: the numbers say
        # what the arm costs alone.
        stages = {stage: [usage for result in results for usage in result.usage.get(stage, ())] for stage in ("answer", "grade")}
        self.run.log(cost_metrics({**earlier, **stages}, self.study.settings.prices, gain), {})

    def _training(self, result: TunedResult) -> None:
        """Track speed, size and loss of the trainings."""
        checkpoints, subset = [training.checkpoint for training in result.trainings], result.subset.value
        labels = result.labels
        tunings = [checkpoint.value.tuning for checkpoint in checkpoints]
        tokens, seconds = sum(tuning.tokens for tuning in tunings), sum(tuning.seconds for tuning in tunings)
        # A training of a test may take no measurable time, and must not end in a division by zero.
        speed = {"tokens_per_second": tokens / max(seconds, 1e-9)}
        # In rounds each training has labels of its own, and the arm the mean of their numbers.
        size = {
            "labels": round(fmean(map(len, labels))),
            "label_tokens": round(fmean(sum(label.tokens for label in each) for each in labels)),
            "steps": round(fmean(len(tuning.losses) for tuning in tunings)),
        }
        shortage = {"shortage": subset.shortage} if subset.shortage else {}
        numbers = {**speed, "seconds/tune": sum(checkpoint.seconds for checkpoint in checkpoints)}
        self.run.log(numbers, {**size, **shortage})
        self.run.tag(CHECKPOINTS, " ".join(checkpoint.key for checkpoint in checkpoints))
        if self.study.earlier:
            self.run.table("sections", list(self.study.earlier.changes.rows()))
        for checkpoint in checkpoints:
            self.run.model(self.study.title(TUNED), checkpoint.key)
        # The mean of all trainings. They have as many steps each, but for rounds: then it is that of the steps that all have.
        self.run.curve("train_loss", [fmean(losses) for losses in zip(*(tuning.losses for tuning in tunings), strict=False)])

    def _refining(self, result: TunedResult) -> None:
        """Track what trainings on preferences learned."""
        values = [training.checkpoint.value.refining for training in result.trainings]
        refinings = [refining for refining in values if refining]
        if not refinings:
            return
        rewards = [reward for refining in refinings for reward in refining.last]
        numbers = {"refine/lessons": fmean(refining.lessons for refining in refinings)}
        if rewards:  # a host, or a tuner of one's own, tells none
            numbers |= {"refine/accuracy": fmean(reward > 0 for reward in rewards), "refine/margin": fmean(rewards)}
        self.run.log(numbers, {})
        # Each training has drawn its own answers, so one may have more steps than another: the mean of those that all have.
        losses = zip(*(refining.tuning.losses for refining in refinings), strict=False)
        self.run.curve("refine_loss", [fmean(step) for step in losses])
        for name in refinings[0].tuning.course:
            courses = zip(*(refining.tuning.course[name] for refining in refinings), strict=False)
            self.run.curve(f"refine_{name}", [fmean(step) for step in courses])

    def _labels(self, result: TunedResult, near: Sequence[Near]) -> None:
        """Track the labels, the facts in them, and the ledgers."""
        questions, taught, labelling = self.study.material.questions, result.taught, result.labelling.value
        ledgers = (*self.study.exam_set.ledgers, *labelling.ledgers, *round_ledgers(result))
        track_labels(self.study, self.run, replace(labelling, ledgers=ledgers), taught.labels)
        categories = {question.cluster: question.category for question in questions}
        counts = stated(all_taught(self.study, taught), questions)
        self.run.table("facts", [{"fact": fact, "category": categories[fact], "labels": count} for fact, count in counts.items()])
        # Questions asked again, apart from the exam: recall of labels is not knowledge of facts.
        self.run.table("training_questions", _rows([training.training_questions for training in result.trainings]))
        self.run.table("near_duplicates", [asdict(pair) for pair in near])

    def _general(self, numbers: Mapping[str, float], result: TunedResult) -> None:
        """Track answers to general questions, and the gate's verdict."""
        if not result.untuned.result.questions:
            return
        self.run.table("retention", _before_and_after(result.untuned, [training.general for training in result.trainings]))
        floor, kept = self.study.retention.floor, numbers.get("retention/kept")
        self.run.log({"retention/floor": floor}, {})
        # Without a graded answer there is no verdict, neither passed nor failed.
        if floor and kept is not None:
            self.run.tag("runner.gate", "passed" if kept >= floor else "failed")


def _before_and_after(before: GeneralResult, after: Sequence[GeneralResult]) -> list[dict[str, Any]]:
    untuned = {row["id"]: row for row in _rows([before.result])}
    return [
        {**row, "answer_before": untuned[row["id"]]["answer"], "grade_before": untuned[row["id"]]["grade"]}
        for row in _rows([general.result for general in after])
    ]


def _rows(results: Sequence[ExamResult], sections: Sequence[Section] = ()) -> list[dict[str, Any]]:
    asked = [question for result in results for question in result.questions]
    further = columns(asked)
    general = [name for name in ("kind", "prompt") if any(vars(question)[name] for question in asked)]
    by_id = {section.id: section for section in sections}
    return [
        {
            "category": question.category,
            "question": question.question,
            "reference": question.answer,
            "answer": answer.text,
            "grade": WORDS[grade.passed],
            "training": training,
            "fact": question.fact,
            "passages": "\n".join(passage.text for passage in answer.passages),
            "places": places(answer, by_id),
            "id": question.id,
            **{name: vars(question)[name] for name in general},
            **cells(question, further),
        }
        for training, result in enumerate(results, start=1)
        for question, answer, grade in zip(result.questions, result.answers, result.grades, strict=True)
    ]
