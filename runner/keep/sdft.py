"""Self-distillation: the untuned model, with the label in its prompt, teaches the model without it.

After SDFT (Shenfeld et al., arXiv 2601.19897), whose teacher is the model itself with a demonstration in its context. There the
student samples a reply in each step, and the reverse divergence KL(student || teacher) is minimised on it. Sampling takes
longer than the training step itself on a CPU, and changes with each step. So here the teacher answers once and greedily, before
the training. The student learns its distributions at these replies: the forward divergence KL(teacher || student).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Message
from runner.data.templates import fill, with_places
from runner.data.training import OwnReply, Supervised
from runner.errors import Fault
from runner.local_models import Network, Objective


@component
class SelfDistillation:
    """Learn from the untuned model that sees the label."""

    graded: ClassVar[bool] = False
    questions: ClassVar[bool] = True  # the teacher is asked them

    prompt: Annotated[str, with_places("question", "answer")]  # of the teacher, in place of the question
    top: PositiveInt

    def asked(self, labels: Sequence[Supervised], general: Sequence[Supervised]) -> Sequence[Supervised]:
        """Return the labels, each with its answer in the prompt."""
        return [self._shown(label) for label in labels]

    def examples(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the questions of the labels, with the teacher's replies."""
        # The label's own answer where the teacher said nothing, or did not come to an end.
        return [
            Supervised(label.prompt, reply.text if reply.whole and reply.text else label.reply)
            for label, reply in zip(labels, own, strict=True)
        ]

    def taught(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the teacher's prompts and replies."""
        replies = (example.reply for example in self.examples(labels, general, own))
        return [Supervised(self._shown(label).prompt, reply) for label, reply in zip(labels, replies, strict=True)]

    def objective(self, network: Network, taught: Sequence[Supervised], distributions: Any) -> Objective:
        """Replace the cross-entropy by the distance from the teacher."""
        from runner.local_models.distributions import Distance  # here, since it imports torch

        return Objective(labels=Distance(distributions))

    def _shown(self, label: Supervised) -> Supervised:
        if not label.prompt.messages:
            raise Fault(
                "keep=sdft: some labels are texts without a question, and the teacher can't be asked about them. "
                "Choose a method with questions, such as method=fact, or another keep"
            )
        *before, question = label.prompt.messages
        shown = fill(self.prompt, question=question.content, answer=label.reply)
        return Supervised(replace(label.prompt, messages=(*before, Message(role=question.role, content=shown))), label.reply)
