"""Replies of models in, the same without their thinking out.

Hosts leave the thinking of some models in the reply, within marks that differ from model to model.
"""

import re

# <think>, <thinking time="3s">, <seed:think>, <reason>, <thought>, <|thinking|>, and Kimi's ◁think▷
_NAME = r"(?:\w+:)?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratchpad|analysis|inner_monologue)"
_BEGINS = (
    rf"[<◁]\|?\s*{_NAME}(?:\s[^<>▷]*)?\|?[>▷]",
    r"\[(?:think|thinking|thought|reasoning)\]",  # Mistral's [THINK]
    r"<\|channel\|>\s*(?:analysis|commentary)\b[^<]*<\|message\|>",  # gpt-oss
    r"\A\s*(?:assistant)?analysis(?=[a-z])",  # the same from a server that removes control tokens
    r"<\|channel>thought\b|<unused94>",  # Gemma, MedGemma
    r"<\|(?:begin_of_thought|start_thinking|inner_prefix)\|>",  # OpenThinker, Command A, Apertus
    r"\A\s*here(?:'s| is) my thought process:",  # Granite
)
_ENDS = (
    rf"[<◁]\|?/\s*{_NAME}\s*\|?[>▷]",
    r"\[/(?:think|thinking|thought|reasoning)\]",
    r"<\|channel\|>\s*final\b[^<]*<\|message\|>",
    r"assistantfinal",
    r"<channel\|>|<unused95>",
    r"<\|(?:end_of_thought|end_thinking|inner_suffix)\|>",
    r"here(?:'s| is) my response:",
)
# A string of JSON or of Python, with what must stand before and behind it. A mark within it is quoted, as in a pair about marks.
_QUOTED = r"""[\[{,:]\s*+(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')(?=\s*+[,:\]}])"""
_MARK = re.compile(f"{_QUOTED}|(?P<begins>{'|'.join(_BEGINS)})|(?P<ends>{'|'.join(_ENDS)})", re.IGNORECASE)
# Turns of gpt-oss, and the marks that some models put around what follows the thinking.
_TURN = re.compile(
    r"<\|start\|>assistant|<\|(?:end|return)\|>|<\|(?:start|end)_response\|>|<\|(?:begin|end)_of_solution\|>", re.IGNORECASE
)


def aloud(reply: str) -> str:
    """Return a reply without the model's thinking.

    If the thinking never ends, nothing is left.
    """
    marks = [mark for mark in _MARK.finditer(reply) if mark.lastgroup]
    # The opening mark may be missing, since some chat templates write it into the prompt. So all that stands before the last
    # closing mark goes first, then all that stands behind an opening mark.
    start = max((mark.end() for mark in marks if mark["ends"]), default=0)
    end = min((mark.start() for mark in marks if mark["begins"] and mark.start() >= start), default=len(reply))
    return _TURN.sub("", reply[start:end]) if marks else reply
