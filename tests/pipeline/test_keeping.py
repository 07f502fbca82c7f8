"""A remedy's stages are done once, and its training is another one only where what is trained differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from runner.component import identified
from runner.config.earlier import Earlier
from runner.config.study import Study
from runner.data.records import Reply, Subset, Tuning, chat
from runner.data.taught import Taught
from runner.data.training import Supervised
from runner.keep import Keep
from runner.model.huggingface import HuggingFace
from runner.pipeline.answer import untuned
from runner.pipeline.keeping import changed, own_replies, whole
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.training import train
from runner.pipeline.upkeep import beginning
from tests import given
from tests.pipeline.given import LABELS, NotingTuner, trained


def keep(choice: str, *settings: str) -> Keep:
    """A remedy as the command builds it."""
    return given.study(f"keep={choice}", *(f"keep.{setting}" for setting in settings)).keep


KL = ("kl", "rows=2", "top=8")


@identified
@dataclass
class LosingTuner(NotingTuner):
    """A tuner that notes the objective too, and writes an empty adapter."""

    incidental: ClassVar[frozenset[str]] = frozenset({"given", "objectives"})
    batch: ClassVar[int] = 8

    objectives: list[Any] = field(default_factory=list)

    def tune_for(
        self, objective: Callable[[Any], Any], model: Any, examples: Sequence[Supervised], seed: int, folder: Path
    ) -> Tuning:
        """Note what is minimised."""
        self.objectives.append(objective(model.load()))
        return self.tune(model, examples, seed, folder)


@pytest.fixture
def local(study: Study, talker: HuggingFace) -> Study:
    """A study with a student that is there and a tuner that notes."""
    return replace(study, model=talker, tuner=LosingTuner())


def test_what_a_remedy_does_not_change_is_trained_once(study: Study) -> None:
    study = replace(study, tuner=NotingTuner())
    plain = trained(study)
    assert trained(replace(study, keep=keep("blend", "scale=0.5"))).key == plain.key
    assert len(study.tuner.given) == 1


def test_general_pairs_follow_the_labels_and_make_another_training(study: Study) -> None:
    study = replace(study, tuner=NotingTuner(), keep=keep("replay", "share=0.4"))
    mixed, plain = trained(study), trained(replace(study, keep=keep("none")))
    expected = [(chat(question, "Be brief.", 8), answer) for question, answer in study.knowledge.replay]
    assert study.tuner.given[0][0][len(LABELS) :] == expected
    assert len(study.tuner.given[1][0]) == len(LABELS)
    assert mixed.key != plain.key


def test_another_weight_is_another_training_on_the_same_distributions(local: Study) -> None:
    keys = {trained(replace(local, keep=keep(*KL, f"weight={weight}"))).key for weight in (1.0, 2.0)}
    assert len(keys) == 2
    stages = {name: len(list((local.store.folder / name).glob("[!.]*"))) for name in ("own_replies", "distributions")}
    assert stages == {"own_replies": 1, "distributions": 1}


def test_the_general_prompts_have_the_untuned_models_answers_and_its_distributions(local: Study) -> None:
    trained(replace(local, keep=keep(*KL)))
    (objective,) = local.tuner.objectives
    replies = local.model.ask([chat(question, "Be brief.", 8) for question, _ in local.knowledge.replay])
    network = local.model.load()
    expected = [
        network.encode(chat(local.knowledge.replay[place][0], "Be brief.", 8), reply.text) for place, reply in sorted(replies)
    ]
    assert objective.rows == expected
    assert [objective.further.weight(row) for row in range(4)] == [len(reply) for _, reply in expected]


def test_a_pull_of_the_weights_asks_the_model_nothing(local: Study) -> None:
    trained(replace(local, keep=keep("l2")))
    assert local.tuner.objectives[0].penalty
    assert not (local.store.folder / "own_replies").exists()


def test_the_teacher_of_self_distillation_is_the_untuned_model(local: Study) -> None:
    trained(replace(local, keep=keep("sdft", "top=8")))
    examples, _ = local.tuner.given[0]
    assert [prompt for prompt, _ in examples] == [chat(label.question, "Be brief.", 8) for label in LABELS]
    assert local.tuner.objectives[0].labels


def test_own_answers_are_graded_against_the_written_ones(local: Study) -> None:
    reply = dict(local.model.ask([chat("Who won the cup?", "Be brief.", 8)]))[0].text
    asked = [Supervised(chat("Who won the cup?", "Be brief.", 8), answer) for answer in (reply, "Nobody at all")]
    own = own_replies(replace(local, keep=keep("replay_own")), StoreExecutor(local), untuned(local), asked)
    assert [(answer.text, answer.right) for answer in own.value] == [(reply, True), (reply, False)]
    ungraded = own_replies(replace(local, keep=keep(*KL)), StoreExecutor(local), untuned(local), asked)
    assert [answer.right for answer in ungraded.value] == [False, False]


def test_a_graded_answer_that_was_cut_ends_with_its_last_sentence(local: Study) -> None:
    cut, short = Reply(text="Ice is frozen water. It mel", finish="length"), Reply(text="Ice is fro", finish="length")
    given = Output(value=[cut, short, Reply(text="Ice. Wa", finish="stop")])
    assert [reply.text for reply in whole(given).value] == ["Ice is frozen water.", "Ice is fro", "Ice. Wa"]
    assert [reply.finish for reply in whole(given).value] == ["stop", "length", "stop"]


def test_a_blend_is_another_checkpoint_of_the_same_training(study: Study, small_model: HuggingFace) -> None:
    from tests.local_models.test_blending import TUNERS, weights

    study = replace(study, model=small_model, tuner=replace(TUNERS["lora"], steps=1))
    executor, tuned = StoreExecutor(study), trained(study)
    half, whole = (changed(replace(study, keep=keep("blend", f"scale={scale}")), executor, tuned) for scale in (0.5, 1.0))
    assert changed(study, executor, tuned) == tuned
    assert half.value.trainings == (tuned.key, half.key)
    assert len({tuned.value.key, half.value.key, whole.value.key}) == 3
    assert half.value.tuning == tuned.value.tuning
    assert half.seconds >= tuned.seconds
    untouched, moved, between = weights(small_model), weights(tuned.value.model), weights(half.value.model)
    assert all((mixed - (old + new) / 2).abs().max() < 1e-6 for old, new, mixed in zip(untouched, moved, between, strict=True))


def test_a_blend_with_an_earlier_training_scales_the_new_one_alone(study: Study, small_model: HuggingFace) -> None:
    from tests.local_models.test_blending import TUNERS, weights

    study = replace(study, model=small_model, tuner=replace(TUNERS["lora"], steps=1), keep=keep("blend", "scale=0"))
    first = trained(study)
    executor, former = StoreExecutor(study), first.value.folder
    assert former
    taught = Taught(trainings=first.value.trainings, sections={}, labels=LABELS)
    vars(study).update(earlier=Earlier(model=first.value.model, taught=taught, material=study.material, folder=former))
    second = train(study, executor, beginning(study), Output(value=Subset(labels=LABELS)), 1)
    kept = changed(study, executor, second)
    start, after, none = map(weights, (first.value.model, second.value.model, kept.value.model))
    assert any(not old.equal(new) for old, new in zip(start, after, strict=True))
    assert all((old - new).abs().max() < 1e-6 for old, new in zip(start, none, strict=True))
    assert kept.value.trainings == (first.key, second.key, kept.key)
