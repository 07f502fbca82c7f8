"""A model is held to what its tuner tunes; what is wrong with either is told beside the way out."""

from typing import ClassVar

import pytest

from runner.component import component
from runner.config.messages import CONF
from runner.errors import Fault
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


def test_a_host_is_not_asked_to_train_on_preferences() -> None:
    with pytest.raises(Fault, match=r"^refine=dpo: this tuner trains at a host.*refine=none, or tuner=lora"):
        made("model=openai", "tuner=hosted", "refine=dpo")
