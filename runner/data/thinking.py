"""Replies of models in, the same without their thinking out.

Hosts leave the thinking of some models in the reply, within marks that differ from model to model.
"""

import re

_OPEN, _CLOSE = r"[<◁]\|?\s*", r"[<◁]\|?/\s*"
# <think>, <thinking time="3s">, <seed:think>, <thought>, <|thinking|>, and Kimi's ◁think▷
_NAME, _REST = r"(?:\w+:)?(?:think(?:ing)?|thoughts?|reasoning)", r"(?:\s[^<>▷]*)?\|?[>▷]"
_BEGINS = (
    f"{_OPEN}{_NAME}{_REST}",
    r"\[(?:think|thinking|thought|reasoning)\]",  # Mistral's [THINK]
    r"<\|channel\|>\s*(?:analysis|commentary)\b[^<]*<\|message\|>",  # gpt-oss
    r"\A\s*(?:assistant)?analysis(?=[a-z])",  # the same from a server that removes control tokens
    r"<\|channel>thought\b|<unused94>",  # Gemma, MedGemma
    r"<\|(?:begin_of_thought|start_thinking|inner_prefix)\|>",  # OpenThinker, Command A, Apertus
    r"\A\s*here(?:'s| is) my thought process:",  # Granite
)
_ENDS = (
    f"{_CLOSE}{_NAME}{_REST}",
    r"\[/(?:think|thinking|thought|reasoning)\]",
    r"<\|channel\|>\s*final\b[^<]*<\|message\|>",
    r"assistantfinal",
    r"<channel\|>|<unused95>",
    r"<\|(?:end_of_thought|end_thinking|inner_suffix)\|>",
    r"here(?:'s| is) my response:",
)
# Names that documents use too. They are thinking only where a reply begins with them, and then goes on.
_COMMON = r"(?:reason|reflection|scratchpad|analysis|inner_monologue)"
_SHORT = 20  # characters; thinking is longer
_BLOCK = re.compile(
    rf"\A\s*{_OPEN}(?P<name>{_COMMON}){_REST}(?:.*?{_CLOSE}(?P=name){_REST}(?=\s*\S)|.{{80,}}\Z)", re.IGNORECASE | re.DOTALL
)
# A string of JSON or of Python, with what must stand before and behind it. A mark within it is quoted, as in a pair about marks.
_QUOTED = r"""[\[{,:]\s*+(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*')(?=\s*+[,:\]}])"""
_MARK = re.compile(f"{_QUOTED}|(?P<begins>{'|'.join(_BEGINS)})|(?P<ends>{'|'.join(_ENDS)})", re.IGNORECASE)
# Turns of gpt-oss, and the marks that some models put around what follows the thinking.
_TURN = re.compile(
    r"<\|start\|>assistant|<\|(?:end|return)\|>|<\|(?:start|end)_response\|>|<\|(?:begin|end)_of_solution\|>", re.IGNORECASE
)


def aloud(reply: str) -> str:
    """Return a reply without the model's thinking.

    If the thinking never ends, nothing is left.
    """
    text = _BLOCK.sub("", reply)
    marks = [mark for mark in _MARK.finditer(text) if mark.lastgroup]
    # The opening mark may be missing, since some chat templates write it into the prompt. So all that stands before the last
    # closing mark goes first, then all that stands behind an opening mark.
    start = max((mark.end() for mark in marks if mark["ends"]), default=0)
    end = min((mark.start() for mark in marks if mark["begins"] and mark.start() >= start), default=len(text))
    return _TURN.sub("", text[start:end]) if marks else text


def answer_aloud(answer: str) -> str:
    """Return an answer to a question without the thinking.

    An answer may be about such marks: "<think>", or "It writes <think> first". It stays as it is, unless thinking begins it, or
    ends before it.
    """
    marks = [mark for mark in _MARK.finditer(answer) if mark.lastgroup]
    thinking = any(mark["ends"] or not answer[: mark.start()].strip() for mark in marks) or _BLOCK.match(answer)
    text = aloud(answer) if thinking else answer
    return text if text.strip() or len(answer) > _SHORT else answer
