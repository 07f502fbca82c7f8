"""Labels in, rows of other trainers' forms out, and back.

The forms are OpenAI's chat lines, ShareGPT, Alpaca, and columns of a data set. A label without a question is a row with its text.
"""

from collections.abc import Mapping
from typing import Any

from runner.data.records import Label
from runner.errors import Fault

CHAT, SHAREGPT, ALPACA, DATASETS = "chat", "sharegpt", "alpaca", "datasets"
FORMS = (CHAT, SHAREGPT, ALPACA, DATASETS)

# Columns that say where a label comes from.
PROVENANCE = ("category", "section", "fact", "method", "origin", "round", "position", "around")
# Keys of the forms. A further column of that name gets a longer one.
_KEYS = {"messages", "conversations", "instruction", "input", "output", "system", "history", "text"}
# The speakers of a conversation, by form.
_SPEAKERS = {"user": "user", "human": "user", "assistant": "assistant", "gpt": "assistant", "system": "system"}


def row(label: Label, form: str, instruction: str) -> dict[str, Any]:
    """Write a label as a row of a form.

    `instruction` is the system message that the student is trained with.
    """
    provenance = {name: value for name in PROVENANCE if (value := vars(label)[name]) != ""}
    provenance |= {f"extra_{name}" if name in _KEYS else name: value for name, value in label.extra.items()}
    if not label.question:
        return {"text": label.answer, **provenance}
    system = [{"role": "system", "content": instruction}] if instruction else []
    question, answer = ({"role": role, "content": text} for role, text in (("user", label.question), ("assistant", label.answer)))
    if form == CHAT:
        return {"messages": [*system, question, answer]}  # OpenAI documents no other key for such lines
    if form == DATASETS:
        return {"question": label.question, "answer": label.answer, "messages": [*system, question, answer], **provenance}
    above = {"system": instruction} if instruction else {}
    if form == ALPACA:
        return {"instruction": label.question, "input": "", "output": label.answer, **above, **provenance}
    turns = [{"from": "human", "value": label.question}, {"from": "gpt", "value": label.answer}]
    return {"conversations": turns, **above, **provenance}


def fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return question and answer of a row in any form.

    Other rows, and other columns, are returned as they are. Raise a Fault for a conversation of several turns.
    """
    others = {name: value for name, value in values.items() if name not in _KEYS}
    if values.get("question") and isinstance(values.get("messages"), list):
        return {name: value for name, value in values.items() if name != "messages"}  # it holds the pair a second time
    if isinstance(values.get("messages"), list):
        return {**_single(values["messages"], "role", "content"), **others}
    if isinstance(values.get("conversations"), list):
        return {**_single(values["conversations"], "from", "value"), **others}
    if "instruction" in values and "output" in values:
        if values.get("history"):
            raise Fault("a conversation of several turns (history). Expected one question and one answer a row")
        more = f"\n{values['input']}" if values.get("input") else ""
        return {"question": f"{values['instruction']}{more}", "answer": values["output"], **others}
    return dict(values)


def _single(turns: list[Any], speaker: str, content: str) -> dict[str, Any]:
    """Return question and answer of a conversation."""
    try:
        turned = [(_SPEAKERS[turn[speaker]], turn[content]) for turn in turns]
    except (KeyError, TypeError):
        raise Fault(
            f"a turn that can't be read. Expected objects with {speaker} and {content}, such as user and assistant"
        ) from None
    spoken = [(name, text) for name, text in turned if name != "system"]
    if [name for name, _ in spoken] != ["user", "assistant"]:
        raise Fault(f"a conversation of {len(spoken)} turns. Expected one question and one answer a row")
    return {"question": spoken[0][1], "answer": spoken[1][1]}
