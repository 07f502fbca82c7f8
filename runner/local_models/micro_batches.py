"""A step's batch in, parts of bounded memory out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from runner.errors import Fault

Encoded = tuple[list[int], list[int]]  # the token ids of a prompt and of its reply
Tokens = TypeVar("Tokens", bound=tuple[Any, ...])  # it begins with them


class Row(NamedTuple):
    """A prompt and a reply in a step's batch."""

    prompt: list[int]
    reply: list[int]
    number: int  # its place among the labels, or among the further rows
    further: bool = False  # it is no label


# Tokens of a part, padding included. Measured with the embedded model: 2.8 MB of memory for each in fp32, 2.1 in bf16. A step
# of up to so many tokens is computed in one part, as are all steps of short labels.
PART_TOKENS = 1536
# From so many tokens on, an example's memory is mostly that of attention, which grows with their square.
LONG_EXAMPLE = 1024


def length(example: tuple[Any, ...]) -> int:
    """Count the tokens of an example's prompt and reply."""
    return len(example[0]) + len(example[1])


def parts(batch: Sequence[Tokens], together: int = 1) -> list[Sequence[Tokens]]:
    """Cut a batch into parts of at most PART_TOKENS tokens.

    An example that has more is a part by itself, and consists of `together` rows. A batch that fits is left as it is.
    """
    if len(batch) * max(map(length, batch)) <= PART_TOKENS:
        return [batch]
    examples = [batch[at : at + together] for at in range(0, len(batch), together)]
    cut: list[list[Tokens]] = []
    for example in sorted(examples, key=lambda rows: max(map(length, rows))):
        # Sorted, so that the last example is the longest of its part, to which the others are padded.
        if cut and (len(cut[-1]) + together) * max(map(length, example)) <= PART_TOKENS:
            cut[-1] += example
        else:
            cut.append([*example])
    return list(cut)


def slow_fused(device: str, dtype: Any) -> bool:
    """Return true where fused attention takes longer than plain.

    On a CPU it takes 1.4 times as long in bf16 (measured with torch 2.13).
    """
    return device == "cpu" and str(dtype) == "torch.bfloat16"


def check_lengths(examples: Sequence[Encoded], context: int | None) -> None:
    """Raise a Fault if an example exceeds the context."""
    if context and (longest := max(map(length, examples), default=0)) > context:
        count = sum(length(example) > context for example in examples)
        raise Fault(
            f"the model reads {context} tokens, and {count} of {len(examples)} examples to train on are longer (up to {longest} "
            "tokens). Shorten them, or take a model with a longer context"
        )


@contextmanager
def computed(module: Any, part: Sequence[tuple[Any, ...]], slow_fused: bool) -> Iterator[None]:
    """Prepare the module for a part, forward and backward.

    Of long examples the layers' values are computed again in the backward pass, instead of being kept. `slow_fused` chooses
    plain attention for all others.
    """
    long = max(map(length, part)) > LONG_EXAMPLE
    if slow_fused:
        module.set_attn_implementation(module.get_correct_attn_implementation(None) if long else "eager")
    checkpointed = long and module.supports_gradient_checkpointing
    if checkpointed:
        module.activation_checkpointing_enable()
    try:
        yield
    finally:
        if checkpointed:
            module.activation_checkpointing_disable()
