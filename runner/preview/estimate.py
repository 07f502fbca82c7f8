"""Requests of a stage in, tokens and dollars out."""

from bisect import bisect, insort
from dataclasses import dataclass, field, replace
from itertools import takewhile

from runner.data.guesses import Ranged
from runner.data.records import Prompt, Reply
from runner.data.text import FRAME, JSON_PER_TOKEN, OPENING, PER_TOKEN
from runner.spending.prices import Prices
from runner.spending.usage import Usage

HALF = 0.5  # of a kept prompt that another must share to count as similar
SIDES = ("prompt", "reply")
# Characters a token, where no reply is kept. Most replies are JSON, whose signs make shorter tokens than prose.
USUAL = {"prompt": PER_TOKEN, "reply": JSON_PER_TOKEN}


@dataclass
class RequestCount:
    """Counts of requests or tuning jobs, by side: prompt and reply."""

    requests: int = 0
    framing: int = 0  # tokens that a server adds to the turns of a chat, about
    trained: int = 0  # tokens that jobs train on
    characters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    tokens: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    batched: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))  # those of `tokens` at the batch price
    cached: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})  # of the prompts' tokens, singly and by batch

    def add(self, prompt: Prompt, reply: Reply) -> None:
        """Count a request."""
        self.requests += 1
        self.framing += FRAME * len(prompt.messages) + OPENING
        sides = (("prompt", _text(prompt), reply.prompt_tokens), ("reply", reply.text, reply.reply_tokens))
        for side, text, tokens in sides:
            self.characters[side] += len(text)
            self.tokens[side] += tokens
            self.batched[side] += tokens * reply.batch
        self.cached[reply.batch] += reply.cached_tokens


@dataclass
class Estimate:
    """Requests of one stage to one model, kept and left.

    A prompt that begins as a kept one does (the same section, more questions already written) has the tokens of that one. Its
    additional characters repeat replies, so they are counted at the characters a token of replies.
    """

    stage: str
    model: str
    hosted: bool
    batch: bool = False
    kept: RequestCount = field(default_factory=RequestCount)
    left: RequestCount = field(default_factory=RequestCount)
    about: bool = False  # the number of requests is guessed
    certain: int = 0  # requests left that are sent whatever the replies
    ranged: list[Ranged] = field(default_factory=list, compare=False)  # the guesses, where they know how good they are
    general: int = 0  # requests left that are general questions, of the group retention
    repeated: int = 0  # characters of replies in prompts that are left
    prompts: list[tuple[str, int]] = field(default_factory=list)  # kept ones in order, with their tokens

    def keep(self, prompt: Prompt, reply: Reply) -> None:
        """Count a request whose reply is kept."""
        self.kept.add(prompt, reply)
        if reply.prompt_tokens:
            insort(self.prompts, (_text(prompt), reply.prompt_tokens))

    def leave(self, prompt: Prompt, reply: Reply) -> None:
        """Count a request that is left, with a likely reply."""
        text = _text(prompt)
        # In sorted order the prompt that shares the longest beginning stands beside it.
        place = bisect(self.prompts, (text,))
        beside = self.prompts[max(place - 1, 0) : place + 1]
        alike = [(_shared(text, known) / len(known), known, tokens) for known, tokens in beside]
        share, known, tokens = max(alike, default=(0.0, "", 0))
        self.left.add(prompt, replace(reply, prompt_tokens=tokens if share > HALF else 0))
        if share > HALF:
            self.left.characters["prompt"] -= len(text)
            # A judge reads answers of usual length in place of others, so that nothing is added.
            self.repeated += len(text) - len(known) if self.stage == "label" else 0

    def tokens(self) -> dict[str, int]:
        """Estimate the tokens that are left, by side."""
        left = {side: self.left.tokens[side] + self.left.characters[side] / self._per_token(side) for side in SIDES}
        left["prompt"] += self.repeated / self._per_token("reply")
        if not self.kept.tokens["prompt"]:
            left["prompt"] += self.left.framing
        # Answers and grades are about as long as the kept ones. Labels are guessed one by one, with their own lengths.
        if self.stage != "label" and self.kept.tokens["reply"]:
            left["reply"] = self.left.requests * self.kept.tokens["reply"] / self.kept.requests
        return {side: round(number) for side, number in left.items()}

    def usd(self, prices: Prices) -> tuple[float, float]:
        """Return the costs that are left and those paid before."""
        # Either is nan if no price is known. Kept replies may have come partly by batch, whose price is another.
        by_batch, cached = self.kept.batched, self.kept.cached
        singly = {side: self.kept.tokens[side] - by_batch[side] for side in SIDES}
        kept = self._usd(singly, False, prices, trained_tokens=self.kept.trained, cached_tokens=cached[False])
        kept += self._usd(by_batch, True, prices, cached_tokens=cached[True])
        # Nobody knows whether a host will have read the beginning of a request before. So none counts as cached.
        left = self._usd(self.tokens(), self.batch, prices, trained_tokens=self.left.trained)
        return left if self.left.requests else 0.0, kept if self.kept.requests else 0.0

    def _usd(self, tokens: dict[str, int], batch: bool, prices: Prices, **more: int) -> float:
        counts = {"prompt_tokens": tokens["prompt"], "reply_tokens": tokens["reply"], **more}
        return Usage(model=self.model, hosted=self.hosted, batch=batch, **counts).usd(prices)

    def _per_token(self, side: str) -> float:
        tokens = self.kept.tokens[side]
        return self.kept.characters[side] / tokens if tokens else USUAL[side]


def _text(prompt: Prompt) -> str:
    return "".join(turn.content for turn in prompt.messages)


def _shared(text: str, other: str) -> int:
    """Return the length of the beginning that two texts share."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))
