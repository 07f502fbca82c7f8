"""Texts in, the version of their encoding out."""

import re
from collections.abc import Iterable

from runner.model import LocalWeights

# All that may be a control token of some model. The tokenizer would have to be loaded to know, so this takes in too much.
# The judge's prompt has tags of its own, which are left out.
_MARK = re.compile(r"<(?!/?(?:question|reference|answer)>)[^\s<>]{1,40}>|\[/?[A-Z_]{2,20}\]")


def text_version(model: object, texts: Iterable[str]) -> list[str]:
    """Return additional inputs of a stage that uses a model.

    They are empty for models of other machines.
    """
    return encoding_version(texts) if isinstance(model, LocalWeights) else []


def encoding_version(texts: Iterable[str]) -> list[str]:
    """Return additional inputs of a stage that encodes texts.

    Control tokens in texts were once read as such. Only outputs that may come from such texts get another key, so that all
    others are found in older stores.
    """
    return ["control tokens in texts are text"] if any(_MARK.search(text) for text in texts) else []
