"""What practice failed is labelled again and tuned on, and nothing of the exam is read before the end."""

from dataclasses import replace
from typing import Any

import pytest

from runner.config.study import Study
from runner.data.exam_set import ExamSet
from runner.data.records import Labelling
from runner.errors import Fault
from runner.keep.replay_own import ReplayOwn
from runner.pipeline import experiment
from runner.pipeline.executor import Stage
from runner.pipeline.labels import label
from runner.pipeline.results import Output
from runner.pipeline.rounds import with_larger
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.store.local import stage_key
from tests.given import Scripted, said
from tests.pipeline.rounding import ASKED, NEEDED, PINS, Learner, LearningTuner, after, pin_in, rounding, taught
from tests.pipeline.test_round_labels import NEW


def test_failed_facts_get_labels_of_larger_sizes_and_the_student_is_tuned_on_until_nothing_is_missed(pins: Study) -> None:
    study = rounding(pins, refine={"replay": 0.0})
    last = after(study)
    rounds = last.value.rounds
    assert [(each.practice.count(True), each.failed, len(each.labels)) for each in rounds] == [
        (16, 32, 0),
        (32, 16, 32),
        (48, 0, 16),
    ]
    assert rounds[-1].ended == "no practice question is missed"
    assert {pin_in(text) for text in taught(study, 1)} == {pin for pin in PINS if NEEDED[pin] > 1}
    assert {pin_in(text) for text in taught(study, 2)} == {pin for pin in PINS if NEEDED[pin] > 3}
    assert [{word for word in ASKED if word in " ".join(taught(study, number))} for number in range(3)] == [
        {ASKED[0]},
        set(ASKED[3:5]),
        set(ASKED[5:7]),
    ]
    assert [start for _, start, _ in study.tuner.given] == ["", *(each.checkpoint.value.model.tuned for each in rounds[:-1])]
    assert last.value.trainings == tuple(each.checkpoint.key for each in rounds)
    assert len(last.value.labels) == 48
    assert len(last.value.tuning.losses) == 24 + 48


def test_a_share_of_the_labels_so_far_is_trained_again_in_each_round(pins: Study) -> None:
    study = rounding(pins)
    rounds = after(study).value.rounds
    assert [each.again for each in rounds] == [0, 6, 14]
    assert [len(examples) for examples, *_ in study.tuner.given] == [24, 32 + 6, 16 + 14]
    assert set(taught(study, 1)) & set(taught(study, 0))


def test_the_cost_of_rounds_holds_all_that_was_asked_trained_and_graded(pins: Study) -> None:
    study, outputs = rounding(pins, keep=ReplayOwn(share=0.2)), list[Output[Any]]()
    vars(study).update(general_pairs=tuple((f"What was pin {pin:02} before?", "x") for pin in range(8)))

    class Noting(StoreExecutor):
        def do(self, stage: Stage[Any]) -> Output[Any]:
            output = super().do(stage)
            outputs.extend([output] if stage.name in ("own_replies", "grades", "tunings") else [])
            return output

    last = after(study, Noting(study))
    assert len(last.value.rounds) == 3
    # Of each training 8 general questions, of each practice its own; a tuner that notes asks nothing.
    assert sum(usage.requests for usage in last.usage) == sum(usage.requests for each in outputs for usage in each.usage) == 168
    assert last.seconds == pytest.approx(sum(each.seconds for each in outputs))


def test_facts_that_were_answered_unsurely_get_labels_too(pins: Study) -> None:
    study = rounding(pins, model=Learner(shaky=(3,)), refine={"rounds": 1, "samples": 2})
    rounds = after(study).value.rounds
    assert (rounds[0].failed, rounds[0].unsure) == (32, 2)
    assert 3 in {pin_in(each.question) for each in rounds[1].labels}
    without = after(rounding(pins, model=Learner(shaky=(3,)), refine={"rounds": 1}))
    assert 3 not in {pin_in(each.question) for each in without.value.rounds[1].labels}


@pytest.mark.parametrize(
    ("tuner", "refine", "rounds", "kept", "ended"),
    [
        (LearningTuner(on="nothing"), {}, 2, 2, r"practice after round 1 is not better than before it, .* \(not decided\)"),
        (LearningTuner(on="forgets"), {"replay": 0.0, "add": 1}, 2, 1, r"is not better than before it, .* \(worse\)"),
        (LearningTuner(), {"rounds": 1}, 2, 2, r"these were all rounds \(refine\.rounds=1\)"),
        (LearningTuner(), {"labels": 16, "add": 2}, 2, 2, r"the budget of labels is used \(refine\.labels=16\)"),
        (LearningTuner(), {"scale": 5}, 2, 2, r"there are no new labels on 8 failed facts or sections"),
    ],
)
def test_rounds_end_for_a_reason_that_is_told(
    pins: Study, tuner: Any, refine: dict[str, Any], rounds: int, kept: int, ended: str
) -> None:
    last = after(rounding(pins, tuner=tuner, refine=refine))
    assert len(last.value.rounds) == rounds
    assert len(last.value.trainings) == kept
    assert last.key == last.value.rounds[kept - 1].checkpoint.key
    assert len(last.value.labels) == sum(len(each.labels) for each in last.value.rounds[:kept])
    with pytest.raises(AssertionError, match=ended):
        raise AssertionError(last.value.rounds[-1].ended)


def test_rounds_that_were_killed_go_on_where_they_stood(pins: Study) -> None:
    study = rounding(pins, tuner=LearningTuner(trainings=2))
    with pytest.raises(KeyboardInterrupt):
        after(study)
    study.tuner.trainings = 99
    asked = len(study.model.asked)
    last = after(study)
    assert len(study.tuner.given) == 3
    assert len(study.model.asked) - asked == 48
    assert after(study).value.trainings == last.value.trainings
    assert len(study.tuner.given) == 3


class Noting(StoreExecutor):
    """An executor that notes the key of each stage."""

    def do(self, stage: Stage[Any]) -> Output[Any]:
        """Note, then do it."""
        self.noted = [*vars(self).get("noted", []), (stage.name, stage_key(stage.name, stage.inputs))]
        return super().do(stage)


@pytest.mark.parametrize(("once", "source"), [(False, "larger"), (True, "larger"), (False, "teacher")])
def test_an_exam_of_other_words_changes_no_stage_and_no_request_before_the_exam_is_answered(
    pins: Study, once: bool, source: str
) -> None:
    noted, asked = [], []
    for name in ("one", "two"):
        settings = pins.settings.model_copy(update={"store": f"{pins.settings.store}-{name}"})
        teacher = Scripted(NEW)
        refine = {"once": once, "source": source, "samples": 1, "rounds": 1}
        study = replace(rounding(pins, teacher=teacher, refine=refine), settings=settings)
        exam = tuple(
            replace(question, question=f"{name} {number}?", answer=f"{name} answer {number}", id=f"{name}-{number}", fact="")
            for number, question in enumerate(pins.material.questions)
        )
        vars(study).update(exam_set=ExamSet(questions=exam), material=replace(rounding(pins).material, questions=exam))
        executor = Noting(study)
        labelling = label(study, executor)
        subset = draw(study, labelling)
        experiment.student(study, executor, with_larger(study, executor, labelling), subset, 0)
        noted.append(executor.noted)
        questions = [text for *_, text in study.model.asked]
        before = questions[: next(place for place, text in enumerate(questions) if text.startswith(name))]
        asked.append([*map(said, teacher.asked), *before])
    end = next(place for place, (stage, _) in enumerate(noted[0]) if stage == "answers")
    assert noted[0][:end] == noted[1][:end]
    assert [stage for stage, _ in noted[0][:end]].count("tunings") == 2 + once
    assert noted[0][end] != noted[1][end]
    assert asked[0] == asked[1]
    assert len(asked[0]) == 2 * 2 * 48 + (16 if source == "teacher" else 0)


def test_a_forecast_counts_all_rounds_on_all_facts_and_trains_nothing(pins: Study) -> None:
    study, forecast = rounding(pins, refine={"rounds": 2}), Forecast()
    after(study, ForecastExecutor(study, forecast, {}))
    assert study.model.asked == []
    assert study.tuner.given == []
    assert len(forecast.trainings) == 3
    assert forecast.estimates["answer", "learner"].left.requests == 3 * 48


def test_labels_without_a_section_are_a_fault_before_anything_is_trained(pins: Study) -> None:
    study = rounding(pins)
    lost = Labelling(labels=tuple(replace(each, section="") for each in study.method.labels))
    with pytest.raises(Fault, match="no label of method=fact names a section of the documents"):
        with_larger(study, StoreExecutor(study), Output(value=lost))
