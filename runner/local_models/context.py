"""Chats in, those beyond a model's context out.

No weights are loaded."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from runner.data.records import Prompt
from runner.local_models.chat_encoding import ChatEncoder
from runner.local_models.loading import Source, context_length
from runner.local_models.soundness import read_config, read_tokenizer


@dataclass(frozen=True)
class Reader:
    """A tokenizer, and the most tokens that its model reads."""

    encoder: ChatEncoder
    context: int | None  # None without a limit

    def tokens(self, prompt: Prompt, reply: str | None) -> int:
        """Count the tokens of a chat.

        An unknown reply has as many as its prompt allows. A known one ends with the end of its turn.
        """
        ids = self.encoder.chat([asdict(message) for message in prompt.messages])
        return len(ids) + (prompt.tokens if reply is None else len(self.encoder.text(reply)) + 1)

    def too_long(self, chats: Sequence[tuple[Prompt, str | None]]) -> dict[int, int]:
        """Return places and tokens of chats beyond the context."""
        lengths = {place: self.tokens(*chat) for place, chat in enumerate(chats)}
        return {place: tokens for place, tokens in lengths.items() if self.context and tokens > self.context}


@lru_cache(maxsize=4)  # a sweep asks for the same student in each point
def reader(source: Source) -> Reader:
    """Load the tokenizer of a model, and its config.

    Raise a Fault if one can't be read: a preview comes here without a check of the model.
    """
    loaded = read_tokenizer(source)
    return Reader(ChatEncoder(loaded), context_length(read_config(source), loaded))
