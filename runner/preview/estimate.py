"""What one stage asks of one model: replies that are kept and requests that are left in, their tokens and dollars out."""

from bisect import bisect, insort
from dataclasses import dataclass, field, replace
from itertools import takewhile
from math import nan

from runner.data.records import Prompt, Reply
from runner.data.text import FRAME, JSON_PER_TOKEN, OPENING, PER_TOKEN
from runner.spending.usage import Prices, Spent

HALF = 0.5  # of a kept prompt that another has to share to count as alike
SIDES = ("prompt", "reply")
USUAL = dict(zip(SIDES, (PER_TOKEN, JSON_PER_TOKEN), strict=True))  # characters a token, where no reply is kept


@dataclass
class Count:
    """Requests, with the characters and tokens of prompts and replies; or jobs, with the tokens that they train on.

    `batched` are those of the tokens that came by batch.
    """

    requests: int = 0
    framing: int = 0  # tokens that a server adds to turns, about
    trained: int = 0
    characters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    tokens: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    batched: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))

    def add(self, prompt: Prompt, reply: Reply) -> None:
        """One more request."""
        self.requests += 1
        self.framing += FRAME * len(prompt.messages) + OPENING
        texts = {"prompt": len(_text(prompt)), "reply": len(reply.text)}
        for side, tokens in (("prompt", reply.prompt_tokens), ("reply", reply.reply_tokens)):
            self.characters[side] += texts[side]
            self.tokens[side] += tokens
            self.batched[side] += tokens * reply.batch


@dataclass
class Line:
    """What one stage asks of one model: what is kept, and what is left to ask, by `batch` or not; `about` where guessed.

    A prompt that begins as a kept one does (the same section, more questions already written) has the tokens of that, and for
    what it is longer, those of as many characters of replies, which it repeats.
    """

    stage: str
    model: str
    hosted: bool
    batch: bool = False
    kept: Count = field(default_factory=Count)
    left: Count = field(default_factory=Count)
    about: bool = False
    unknown: bool = False  # nobody can guess what is asked after an unknown reply
    repeated: int = 0  # characters of replies in prompts that are left
    prompts: list[tuple[str, int]] = field(default_factory=list)  # kept ones in order, with their tokens

    def keep(self, prompt: Prompt, reply: Reply) -> None:
        """One more request whose reply is kept."""
        self.kept.add(prompt, reply)
        if reply.prompt_tokens:
            insort(self.prompts, (_text(prompt), reply.prompt_tokens))

    def leave(self, prompt: Prompt, reply: Reply) -> None:
        """One more request that is left to ask, with what may be said to it."""
        text = _text(prompt)
        place = bisect(self.prompts, (text,))
        alike = [
            (_shared(text, known) / len(known), known, tokens) for known, tokens in self.prompts[max(place - 1, 0) : place + 1]
        ]
        share, known, tokens = max(alike, default=(0.0, "", 0))
        self.left.add(prompt, replace(reply, prompt_tokens=tokens if share > HALF else 0))
        if share > HALF:
            self.left.characters["prompt"] -= len(text)
            self.repeated += len(text) - len(known) if self.stage == "label" else 0  # a judge reads answers of the usual length

    def tokens(self) -> dict[str, int]:
        """What is left, in and out, by the kept replies' characters a token; answers and grades by their mean length."""
        found = {side: self.left.tokens[side] + self.left.characters[side] / self._per_token(side) for side in SIDES}
        found["prompt"] += self.repeated / self._per_token("reply")
        if not self.kept.tokens["prompt"]:
            found["prompt"] += self.left.framing
        if self.stage != "label" and self.kept.tokens["reply"]:
            found["reply"] = self.left.requests * self.kept.tokens["reply"] / self.kept.requests
        return {side: round(number) for side, number in found.items()}

    def usd(self, prices: Prices) -> tuple[float, float]:
        """What is left to pay, and what was paid before; nan where that is not known."""
        by_batch = self.kept.batched
        singly = {side: self.kept.tokens[side] - by_batch[side] for side in SIDES}
        kept = self._usd(singly, False, prices, self.kept.trained) + self._usd(by_batch, True, prices)
        left = self._usd(self.tokens(), self.batch, prices, self.left.trained)
        return nan if self.unknown and self.hosted else left if self.left.requests else 0.0, kept if self.kept.requests else 0.0

    def _usd(self, tokens: dict[str, int], batch: bool, prices: Prices, trained: int = 0) -> float:
        told = {"prompt_tokens": tokens["prompt"], "reply_tokens": tokens["reply"], "trained_tokens": trained}
        return Spent(model=self.model, hosted=self.hosted, batch=batch, **told).usd(prices)

    def _per_token(self, side: str) -> float:
        tokens = self.kept.tokens[side]
        return self.kept.characters[side] / tokens if tokens else USUAL[side]


def _text(prompt: Prompt) -> str:
    return "".join(turn.content for turn in prompt.messages)


def _shared(text: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))
