"""A tuned checkpoint is trained further once, by the schedule of the refinement."""

from dataclasses import replace

from runner.config.study import Study
from runner.data.records import chat
from runner.data.training import Supervised
from runner.local_models import Objective
from runner.pipeline.further_training import Refinement, scheduled, train_further
from runner.pipeline.store_executor import StoreExecutor
from tests.pipeline.practising import learned, practising, tuned

REFINEMENT = Refinement(
    rows=[Supervised(chat("Who?", "", 8), "Ada")], objective=lambda network: Objective(), inputs=[["good"]], description="a reply"
)


def test_it_is_trained_once_from_the_tuned_model_and_another_loss_is_another_training(study: Study) -> None:
    study = practising(study)
    executor, first = StoreExecutor(study), tuned(study)
    keys = [
        train_further(study, executor, first, refinement, seed).key
        for refinement, seed in ((REFINEMENT, 0), (REFINEMENT, 0), (replace(REFINEMENT, inputs=[["bad"]]), 0), (REFINEMENT, 1))
    ]
    assert keys[0] == keys[1]
    assert len({first.key, *keys}) == 4
    assert len(study.tuner.given) == 1 + 3
    assert study.tuner.given[-1][2].tuned == first.value.model.tuned
    assert learned(study) == [("Who?", "Ada")]


def test_the_schedule_is_that_of_the_refinement_and_all_else_that_of_the_tuner(study: Study) -> None:
    study = practising(study)
    tuner = scheduled(study)
    assert tuner == replace(study.tuner, **study.refine.schedule)
    assert tuner.batch != study.tuner.batch
