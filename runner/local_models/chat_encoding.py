"""Messages and texts in, token ids out.

Text stays text: a control token that is written in a message, such as `<|im_end|>`, is encoded as the characters that it
consists of. Only the chat template's own control tokens become control tokens.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

Turn = Mapping[str, str]  # the role and the content of a message


class ChatEncoder:
    """A tokenizer, and the chat template that comes with it."""

    def __init__(self, tokenizer: Any) -> None:
        """Find the control tokens of `tokenizer`."""
        self.tokenizer = tokenizer
        controls = control_tokens(tokenizer)
        # transformers looks for them in the template that it is given, and for a single text that is another template.
        tokenizer.chat_control_tokens = controls
        # The longest first, so that none is taken for a shorter one that it begins with.
        names = "|".join(re.escape(name) for name in sorted(controls, key=len, reverse=True))
        self._control = re.compile(names or "(?!)")  # (?!) never matches
        self._writable: dict[str, bool] = {}

    def chat(self, turns: Sequence[Turn]) -> list[int]:
        """Encode a conversation, up to its next reply.

        Without a turn this is the token that begins a text.
        Raise jinja2's TemplateError if the chat template refuses the roles or their order.
        """
        if not turns:
            first = self.tokenizer.bos_token_id
            return [self.tokenizer.eos_token_id if first is None else first]
        return self._ids(self._accepted(turns), None)

    def text(self, text: str) -> list[int]:
        """Return the ids of a text without a chat template."""
        if self._control.search(text):
            return self._ids([{"role": "user", "content": text}], "{{ messages[0]['content'] }}")
        ids: list[int] = self.tokenizer(text, add_special_tokens=False).input_ids
        return ids

    def _ids(self, turns: Sequence[Turn], template: str | None) -> list[int]:
        marked = any(self._control.search(turn["content"]) for turn in turns)
        if marked:
            turns = [{**turn, "content": self._control.sub(self._written, turn["content"])} for turn in turns]
        # Only where it is needed: it takes longer, and removes two rare characters from a text.
        ids: list[int] = self.tokenizer.apply_chat_template(
            turns, chat_template=template, add_generation_prompt=True, sanitize_control_tokens=marked, return_dict=False
        )
        return ids

    def _written(self, control: re.Match[str]) -> str:
        """Write a control token as text."""
        name = control[0]
        if name not in self._writable:
            self._writable[name] = self._can_write(name)
        # With a space in it where the tokenizer's own model (Unigram, for instance) takes the characters for the token.
        return name if self._writable[name] else f"{name[0]} {name[1:]}"

    def _can_write(self, name: str) -> bool:
        text = [{"role": "user", "content": name}]
        try:
            self.tokenizer.apply_chat_template(
                text, chat_template="{{ messages[0]['content'] }}", sanitize_control_tokens=True, return_dict=False
            )
        except ValueError:  # of transformers, which then has no ids for it
            return False
        return True

    def _accepted(self, turns: Sequence[Turn]) -> Sequence[Turn]:
        """Move a refused system message before the question."""
        if len(turns) < 2 or turns[0]["role"] != "system" or turns[1]["role"] != "user" or self.takes_system:
            return turns
        system, question, *rest = turns
        return [{**question, "content": f"{system['content']}\n\n{question['content']}"}, *rest]

    @cached_property
    def takes_system(self) -> bool:
        """True unless the chat template refuses a system message."""
        from jinja2 import TemplateError

        question = {"role": "user", "content": "Who?"}
        try:
            self.render([{"role": "system", "content": "Answer."}, question])
        except TemplateError:
            # If it refuses the question too, the system message is not the reason.
            self.render([question])
            return False
        return True

    def render(self, turns: Sequence[Turn]) -> str:
        """Write a conversation as the chat template writes it."""
        return str(self.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))


def control_tokens(tokenizer: Any) -> list[str]:
    """List the tokens that control a chat.

    They are the special tokens, and other added tokens that the chat template writes: role markers are often not special.
    """
    templates = tokenizer.chat_template or ""
    source = "\n".join(templates.values()) if isinstance(templates, dict) else templates
    added = tokenizer.added_tokens_decoder.values()
    special = [*tokenizer.all_special_tokens, *(token.content for token in added if token.special)]
    # Words and line breaks may be added tokens too, and templates write them as text.
    written = [token.content for token in added if token.content in source]
    marks = [name for name in written if not name.isalnum() and not name.isspace()]
    return list(dict.fromkeys([*special, *marks]))
