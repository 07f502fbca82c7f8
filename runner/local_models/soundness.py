"""A model's files in, a Fault out if unusable.

A usable model can be loaded, and can chat. No weights are read."""

import logging
from pathlib import Path
from typing import Any

from runner.data.weights import damaged_weights
from runner.errors import Fault
from runner.local_models.chat_encoding import ChatEncoder
from runner.local_models.foreign_code import refuse_foreign_code
from runner.local_models.loading import Source, check_device, tokenizer

INSTEAD = "Name a causal chat model (one that was tuned for chat, often called -Instruct or -it), with its tokenizer"
SYSTEM, QUESTION = "Instruction-7081", "Question-7082"  # words that no template writes itself

log = logging.getLogger("runner")


def check_sound(source: Source) -> None:
    """Raise a Fault if the model can't be used."""
    check_device(source)
    _check_architecture(source)
    _check_weights(source)
    check_chat(read_tokenizer(source), source.id)


def read_config(source: Source) -> Any:
    """Read a model's config; raise a Fault if transformers can't."""
    from transformers import AutoConfig

    try:
        return AutoConfig.from_pretrained(source.id, revision=source.revision, trust_remote_code=False)
    except Exception as error:  # an unknown architecture, code of its own, or a damaged file
        raise Fault(
            f"model.id={source.id}: transformers can't read its config.json ({_first_line(error)}). The code that a "
            f"model brings with it is never run. {INSTEAD}"
        ) from error


def read_tokenizer(source: Source) -> Any:
    """Load a model's tokenizer; raise a Fault if it can't be read."""
    try:
        return tokenizer(source)
    except Exception as error:  # of a tokenizer's own format; there are many kinds
        raise Fault(f"model.id={source.id}: its tokenizer can't be read ({_first_line(error)}). {INSTEAD}") from error


def check_chat(loaded: Any, name: str) -> None:
    """Raise a Fault if the tokenizer can't write a chat."""
    from jinja2 import TemplateError

    if not loaded.chat_template:
        raise Fault(f"model.id={name}: its tokenizer has no chat template, so it is not a chat model. {INSTEAD}")
    if loaded.eos_token_id is None:
        raise Fault(f"model.id={name}: its tokenizer has no eos_token, so no reply would end. {INSTEAD}")
    encoder = ChatEncoder(loaded)
    system, question = {"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}
    try:
        # A system message that it refuses is put before the question.
        rendered = encoder.render([system, question] if encoder.takes_system else [question])
    except (TemplateError, TypeError, ValueError) as error:
        raise Fault(f"model.id={name}: its chat template refuses a plain question ({_first_line(error)}). {INSTEAD}") from error
    if QUESTION not in rendered:
        raise Fault(f"model.id={name}: its chat template leaves the question out, so it does not read plain text. {INSTEAD}")
    if encoder.takes_system and SYSTEM not in rendered:
        log.warning("the chat template of %s leaves system messages out, so it never reads the setting instruction", name)


def _check_architecture(source: Source) -> None:
    from transformers import MODEL_FOR_CAUSAL_LM_MAPPING

    config = read_config(source)
    refuse_foreign_code(source.id, source.revision)
    kind = MODEL_FOR_CAUSAL_LM_MAPPING.get(type(config), None)
    kinds = [known.__name__ for known in (kind if isinstance(kind, tuple) else (kind,)) if known]
    stored = config.architectures or kinds
    if not set(stored) & set(kinds):
        raise Fault(
            f"model.id={source.id}: it is a {', '.join(stored) or config.model_type}, which does not write text. {INSTEAD}"
        )


def _check_weights(source: Source) -> None:
    """Raise a Fault if weights in a folder are damaged."""
    if reason := damaged_weights(Path(source.id).glob("*.safetensors")):
        name, _, error = reason.partition(": ")
        raise Fault(f"{Path(source.id) / name}: not a file of weights ({error}). Copy or download the model again")


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:200]}"
