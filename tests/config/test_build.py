"""A model is held to what its tuner tunes; what is wrong with either is told beside the way out."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from runner.component import component
from runner.config.messages import CONF
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.errors import Fault
from runner.keep.none import NoRemedy
from runner.model import Tunable
from runner.tuner.lora import Lora
from tests.given import study as made

TRAINABLE = {"gemma3", "huggingface", "llama3", "qwen3", "smollm2", "smollm2-1.7b"}


@pytest.mark.parametrize("choice", sorted({file.stem for file in (CONF / "model").glob("*.yaml")} - TRAINABLE))
def test_a_student_that_can_not_be_trained_is_a_fault(choice: str) -> None:
    with pytest.raises(Fault, match="model"):
        made(f"model={choice}")


def test_a_tuner_that_needs_what_the_model_has_not_is_a_fault_with_both_ways_out() -> None:
    with pytest.raises(Fault, match=r"model: this one has no host .*model=openai, or tuner=lora"):
        made("tuner=hosted")
    with pytest.raises(Fault, match=r"model: this one can't be tuned here, .*tuner=hosted"):
        made("model=openai")


def test_a_tuner_that_is_not_whole_tells_of_itself_and_not_of_the_model() -> None:
    with pytest.raises(Fault) as caught:
        made("model=azure", "model.id=ours", "tuner=azure")
    assert str(caught.value) == "tuner.model: not set. Expected tuner.model=gpt-4.1-mini-2025-04-14"


def test_a_student_that_reads_passages_needs_the_prompt_of_rag() -> None:
    with pytest.raises(
        Fault, match=r"retrieval: the tuned model reads passages in the prompt of baseline\.rag.*Add rag to baseline"
    ):
        made("retrieval=lexical", "baseline=[base]")
    assert made("retrieval=none", "baseline=[base]").retrieval.retrieves is False


def test_labels_without_questions_are_refused_for_tuning_at_a_host() -> None:
    with pytest.raises(Fault, match=r"method: its labels are plain texts.*tuner=lora"):
        made("method=passage", "model=openai", "tuner=hosted")
    assert made("method=passage").method.questions is False


@component
class Unready:
    """A refinement that says nothing but how often it asks."""

    samples: ClassVar[int] = 4


def test_a_refinement_that_lacks_its_loss_is_refused() -> None:
    with pytest.raises(Fault, match=r"^refine=none: .*Unready can't be trained with: it lacks members of LearnsPreferences"):
        made(f"refine._target_={__name__}.Unready")


def test_a_host_is_asked_to_train_on_pairs_alone_and_by_epochs() -> None:
    with pytest.raises(Fault, match=r"^refine=kto: this tuner trains at a host.*Choose refine=dpo.*or tuner=lora"):
        made("model=openai", "tuner=hosted", "refine=kto")
    with pytest.raises(Fault, match=r"^refine\.steps: a host counts epochs\. Set refine\.steps=null"):
        made("model=openai", "tuner=hosted", "refine=dpo", "refine.steps=9")
    assert made("model=openai", "tuner=hosted", "refine=dpo").refine.hyperparameters["n_epochs"] == 1


def test_a_host_does_not_let_a_model_answer_while_it_is_trained() -> None:
    with pytest.raises(Fault, match=r"^refine=grpo: the model answers while it is trained.*refine=none, or tuner=lora"):
        made("model=openai", "tuner=hosted", "refine=grpo")


@component
class Practised(Lora):
    """A tuner of one's own from the time when tuners had a setting replay."""

    replay: float = 0.0


def test_a_setting_of_ones_own_tuner_that_is_no_longer_read_is_refused_with_what_takes_its_place() -> None:
    own = f"tuner._target_={__name__}.Practised"
    with pytest.raises(Fault, match=r"^tuner\.replay: this setting of .*Practised has moved\..* Write keep=replay keep\.share"):
        made(own, "+tuner.replay=0.2")
    assert made(own, "+tuner.replay=0").tuner.replay == 0


@component
class Asking(NoRemedy):
    """A remedy that forgot to say whether replies are graded."""

    def asked(self, labels: object, general: object) -> None:
        """Ask nothing."""


@component
class Teaching(NoRemedy):
    """A remedy whose distributions nothing learns of."""

    top: ClassVar[int] = 9

    def taught(self, labels: object, general: object, own: object) -> None:
        """Teach nothing."""


@component
class Handed(Lora):
    """A tuner whose second method lacks parameters."""

    def tune_for(self, objective: object, model: object) -> None:
        """Train nothing."""


@pytest.mark.parametrize(
    ("group", "kind", "message"),
    [
        ("keep", Asking, r"^keep: .*Asking: it has asked, but it has no graded"),
        ("keep", Teaching, r"^keep=none: .*Teaching has no method objective, so that nothing learns"),
        ("tuner", Handed, r"^tuner: .*Handed: it has tune_for, but found tune_for\(objective, model\), expected"),
    ],
)
def test_a_class_that_has_a_part_of_an_ability_alone_is_refused(group: str, kind: type, message: str) -> None:
    with pytest.raises(Fault, match=message):
        made(f"{group}._target_={__name__}.{kind.__name__}")


def test_a_remedy_that_asks_the_questions_of_labels_is_refused_with_texts() -> None:
    with pytest.raises(Fault, match=r"^keep=sdft: it asks the questions of the labels, and those of method=passage are plain"):
        made("keep=sdft", "method=passage")
    assert made("keep=sdft", "method=fact").keep.questions


def test_a_host_trains_in_no_rounds() -> None:
    with pytest.raises(Fault, match=r"^refine=rounds: this tuner trains at a host, which does not train a tuned model further"):
        made("model=openai", "tuner=hosted", "refine=rounds")


@component
class WithoutSteps:
    """A tuner that has no number of steps."""

    rank: int
    alpha: int
    dropout: float
    epochs: int
    batch: int
    rate: float
    warmup: float
    clip: float

    def tune(self, model: Tunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """It is never reached."""
        raise AssertionError


def test_the_rival_of_rounds_needs_a_tuner_with_a_number_of_steps() -> None:
    own = [f"tuner._target_={__name__}.WithoutSteps", "tuner.steps=1", "~tuner.steps", "~tuner.checkpoint", "refine=rounds"]
    made(*own)
    with pytest.raises(Fault, match=r"^refine\.once: .*WithoutSteps has no setting steps"):
        made(*own, "refine.once=true")
