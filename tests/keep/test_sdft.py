"""A teacher that sees the label gives the reply and its distributions; the student sees the question alone."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from runner.data.records import Prompt
from runner.data.training import OwnReply, Supervised
from runner.errors import Fault
from runner.keep.sdft import SelfDistillation
from runner.local_models.distributions import distributions, measure
from runner.local_models.training_loop import train
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning
from tests.keep.given import LABELS

TEACHING = SelfDistillation(prompt="{question} Say: {answer}.", top=16)
REPLIES = [OwnReply(text="It was Ada.", whole=True), *[OwnReply(text="It was", whole=False)] * 3]


def test_the_teacher_sees_the_answer_of_the_label() -> None:
    assert [prompt.messages[-1].content for prompt, _ in TEACHING.asked(LABELS, ())][:2] == [
        "Who won? Say: Ada.",
        "Who lost? Say: Bob.",
    ]


def test_the_student_reads_the_question_alone_and_learns_the_teachers_whole_replies() -> None:
    learned = TEACHING.examples(LABELS, (), REPLIES)
    assert [prompt for prompt, _ in learned] == [prompt for prompt, _ in LABELS]
    assert [reply for _, reply in learned] == ["It was Ada.", "Bob", "In Oslo", "In May"]


def test_the_distributions_are_those_of_the_teacher_at_the_replies_that_are_learned() -> None:
    taught = TEACHING.taught(LABELS, (), REPLIES)
    assert [prompt for prompt, _ in taught] == [prompt for prompt, _ in TEACHING.asked(LABELS, ())]
    assert [reply for _, reply in taught] == [reply for _, reply in TEACHING.examples(LABELS, (), REPLIES)]


def test_the_student_comes_to_say_what_the_teacher_says(talker: HuggingFace, tmp_path: Path) -> None:
    network = talker.load()
    taught = TEACHING.taught(LABELS, (), REPLIES)
    measure(network, taught, 16, tmp_path)
    objective = TEACHING.objective(network, taught, distributions(tmp_path))
    schedule = FullTuning(epochs=10, batch=4, rate=5e-3, warmup=0.1, clip=1.0)
    losses = train(network, TEACHING.examples(LABELS, (), REPLIES), schedule, 0, objective).losses
    assert losses[-1] < losses[0] / 2


def test_a_text_without_a_question_is_refused() -> None:
    text = Supervised(Prompt(messages=(), tokens=8), "Ada won the cup.")
    with pytest.raises(Fault, match=r"^keep=sdft: some labels are texts without a question.*method=fact"):
        TEACHING.asked([text], ())


@pytest.mark.parametrize("prompt", ["Say: {answer}.", "{question}"])
def test_a_prompt_that_lacks_a_part_is_refused(prompt: str) -> None:
    with pytest.raises(ValidationError, match="expected a prompt with a place for"):
        SelfDistillation(prompt=prompt, top=16)
