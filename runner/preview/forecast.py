"""Forecast of the pipeline: requests by stage, kept and left.

Nothing is asked, paid or tracked. Methods and graders run as they are, on models that give kept or recorded replies and guess
the others. So kept requests count exactly, and a larger size adds only what a smaller one leaves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias, TypeVar

from runner.config.study import Study
from runner.data.guesses import Guesses, Ranged
from runner.data.records import Prompt, Reply, canonical, digest, fingerprint
from runner.errors import Fault
from runner.model import Model, Replaying, answering_member, is_paid, uses_batches
from runner.pipeline.executor import Stage
from runner.pipeline.prompts import text_asked
from runner.pipeline.results import NOT_ASKED, NOTHING, Checkpoint, ExamResult, Output, Retrieval, TunedResult
from runner.preview.estimate import Estimate
from runner.preview.history import remedy, seconds_per_example
from runner.preview.rough_guesses import RoughGuesses
from runner.spending.usage import usage_in
from runner.store.local import stage_key
from runner.store.reply_cache import CachedModel, PromptSelection

ArmNames: TypeAlias = Mapping[tuple[str, str], str]  # of arms, by experiment and key
R = TypeVar("R")


@dataclass
class Forecast:
    """The requests and trainings of studies, each counted once."""

    estimates: dict[tuple[str, str], Estimate] = field(default_factory=dict)  # by stage and model
    shortages: dict[str, str] = field(default_factory=dict)  # by arm: a sentence where labels are fewer than asked for
    trainings: dict[str, float] = field(default_factory=dict)  # by key: the seconds that are left, 0 where it is kept
    notes: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    made: dict[str, Any] = field(default_factory=dict)  # by key: outputs that cost nothing, such as retrieved passages
    seconds: dict[str, float] = field(default_factory=dict)  # by tuner and model: of an example in training
    counted: set[bytes] = field(default_factory=set)  # hashes of requests, which take less memory than the requests

    def estimate(self, role: str, model: Model) -> Estimate:
        """Return the estimate of a stage at a model."""
        # All models that a host tunes from one base have one price, so they share a line: ft:gpt-4.1:... is ft:gpt-4.1.
        parts = model.name.split(":")
        name = ":".join(parts[:2]) if parts[0] == "ft" else model.name
        return self.estimates.setdefault((role, name), Estimate(role, name, is_paid(model), uses_batches(model)))

    def is_new(self, request: str) -> bool:
        """Count a request; return true for its first time."""
        before = len(self.counted)
        self.counted.add(fingerprint(request))
        return len(self.counted) > before


class ForecastExecutor:
    """An executor that counts the work of a study."""

    def __init__(self, study: Study, forecast: Forecast, names: ArmNames) -> None:
        """Add a study to a forecast."""
        self.study, self.forecast, self.names = study, forecast, names
        self.general = {text_asked(question) for question in study.knowledge.questions}

    def do(self, stage: Stage[R]) -> Output[R]:
        """Return the output of a stage, kept or guessed."""
        key = stage_key(stage.name, stage.inputs)
        guessed = any(output.guess for output in stage.after)
        # An output that follows from guesses has a key that no real run has.
        kept = None if guessed else self.study.store.find(stage.name, stage.inputs, stage.read)
        if stage.training:
            self._count_training(stage, key, kept.folder if kept else None)
        if not stage.asks:
            if kept:
                return Output(value=stage.read(kept.folder), key=key)
            if stage.stand_in:
                return Output(value=stage.stand_in(), key=key, guess=key)
            if key not in self.forecast.made:
                self.forecast.made[key] = self._made(stage, ForecastAccess(self, stage, key, False))
            return Output(value=self.forecast.made[key], key=key, guess=key if guessed else "")
        # The requests of a kept output are counted too: a preview shows the costs that were paid before.
        access = ForecastAccess(self, stage, key, kept is not None)
        value = self._made(stage, access)
        if kept and access.guessed:  # its replies are gone, or were never kept one by one
            return Output(value=stage.read(kept.folder), key=key)
        return Output(value=value, key=key, guess=key if guessed or access.guessed else "")

    def _made(self, stage: Stage[R], access: "ForecastAccess") -> R:
        with TemporaryDirectory() as scratch:
            try:
                stage.make(Path(scratch), access)
                return stage.read(Path(scratch))
            except Exception as error:  # of the user's own code, which was given a guess
                if isinstance(error, Fault) or not (access.guessed and stage.stand_in):
                    raise
                note = f"{stage.name}: a guessed reply could not be read ({error!r}), so at least this is asked."
                self.forecast.notes[note] = None
                return stage.stand_in()

    def _count_training(self, stage: Stage[R], key: str, kept: Path | None) -> None:
        work = stage.training
        if not work or key in self.forecast.trainings:
            return
        # How long an example takes depends on the tuner, the model, and what is done against forgetting.
        kind = digest([stage.inputs[:2], remedy(stage.inputs)])
        if kind not in self.forecast.seconds:
            self.forecast.seconds[kind] = seconds_per_example(self.study.store, stage.inputs, work.further)
        self.forecast.trainings[key] = 0.0 if kept else self.forecast.seconds[kind] * work.examples
        if work.job:
            estimate = self.forecast.estimate("tune", self.study.model)
            count = estimate.kept if kept else estimate.left
            count.requests += 1  # a job counts as one
            count.trained += sum(usage.trained_tokens for usage in usage_in(kept)) if kept else work.job.trained_tokens

    @contextmanager
    def arm(self, name: str) -> Iterator["ForecastArm"]:
        """Open an arm that tracks nothing."""
        yield ForecastArm(self.forecast, self.names.get((self.study.corpus.name, self.study.key(name))) or self.study.title(name))

    @contextmanager
    def reachable(self, student: Output[Checkpoint]) -> Iterator[Output[Checkpoint]]:
        """Open a student without deploying it."""
        yield student


class ForecastArm:
    """An arm that only notes a shortage of labels."""

    finished = False  # the requests of a finished arm are counted too, as kept

    def __init__(self, forecast: Forecast, title: str) -> None:
        """Note into a forecast."""
        self.forecast, self.title = forecast, title

    def report_baseline(self, result: ExamResult, found: Retrieval = NOTHING, withdrawn: ExamResult = NOT_ASKED) -> None:
        """Ignore a baseline's result."""

    def report_tuned(self, result: TunedResult) -> None:
        """Note that there are fewer labels than asked for."""
        subset = result.subset.value
        if subset.shortage:
            trained = f"{len(subset.labels)} would be trained on"
            guessed = f"{trained}, as far as can be guessed" if result.subset.guess else trained
            self.forecast.shortages[self.title] = f"{subset.shortage}; {guessed}"


class ForecastAccess:
    """Models for a stage that give kept or guessed replies."""

    def __init__(self, executor: ForecastExecutor, stage: Stage[R], key: str, kept: bool) -> None:
        """Count for one stage; `kept` is true if its output is kept."""
        self.executor, self.stage, self.key, self.kept = executor, stage, key, kept
        self.guessed = False  # until a reply had to be guessed

    def model(self, role: str, model: Model, guesses: Callable[[], Guesses] | None = None) -> Model:
        """Return a model that is never asked."""
        return ForecastModel(self, role, model, guesses() if guesses else RoughGuesses())

    def paid(self, usage: object) -> None:
        """Ignore costs: trainings are counted by `Stage.training`."""

    def scope(self, cached: bool) -> str:
        """Return the scope within which equal prompts are one request."""
        # Cached replies are asked for once in all stages. Prompts with guessed texts are equal only by chance, and the real ones
        # will differ. So only those of the same guessed outputs are one.
        return "+".join(self.guesses) if self.guesses else "" if cached else self.key

    @property
    def guesses(self) -> list[str]:
        """List the guesses that the stage follows from."""
        return [output.guess for output in self.stage.after if output.guess]


class ForecastModel:
    """A model that gives kept or recorded replies, or guesses."""

    def __init__(self, access: ForecastAccess, role: str, model: Model, guesses: Guesses) -> None:
        """Stand in for `model`."""
        self.access, self.role, self.model, self.guesses, self.name = access, role, model, guesses, model.name
        # As in a run: the replies of a student on this machine are kept with its answers, not one by one.
        self.cached = role != "answer" or is_paid(model)

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield a reply for each prompt, and count the prompt."""
        replies = self._kept(prompts)
        certain = not self.access.guessed
        # Guesses are as long as the replies that are known, so they learn from all of these first.
        for place, reply in replies.items():
            self.guesses.learn(prompts[place].messages[-1].content, reply.text)
        for place, prompt in enumerate(prompts):
            kept = replies.get(place)
            if kept is None:
                self.access.guessed = True
            reply = kept or Reply(text=self.guesses.guess(prompt.messages[-1].content))
            self._count(prompt, reply, kept is not None or self.access.kept, certain)
            yield place, reply

    def _kept(self, prompts: Sequence[Prompt]) -> dict[int, Reply]:
        replies = dict(self.model.ask(prompts)) if isinstance(self.model, Replaying) and self.model.replays else {}
        # No reply of a student that is not trained yet is kept. The untuned model that may stand in for it has some.
        untrained = self.role == "answer" and self.access.guesses
        if self.cached and not untrained:
            store = self.access.executor.study.store
            cache = CachedModel(self.model, store.replies, shared=store.shared)
            missing = [place for place in range(len(prompts)) if place not in replies]
            earlier = cache.find_each(PromptSelection(prompts, missing))
            replies |= {missing[number]: reply for number, reply in earlier.items()}
        return replies

    def _count(self, prompt: Prompt, reply: Reply, kept: bool, certain: bool) -> None:
        member = answering_member(self.model, prompt)
        forecast, stage = self.access.executor.forecast, self.access.stage
        if forecast.is_new(canonical([self.role, member.name, prompt, self.access.scope(self.cached)])):
            estimate = forecast.estimate(self.role, member)
            (estimate.keep if kept else estimate.leave)(prompt, reply)
            estimate.general += not kept and self.role == "answer" and prompt.messages[-1].content in self.access.executor.general
            estimate.about |= not kept and stage.requests_follow
            estimate.certain += not kept and certain
            if isinstance(self.guesses, Ranged) and self.guesses not in estimate.ranged:
                estimate.ranged.append(self.guesses)
            if stage.most and not kept:
                forecast.notes[stage.most] = None
