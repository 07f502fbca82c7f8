"""What a sweep's comparison holds, as plain data: arms with their intervals, pairs with their verdicts, answers, advice.

Shares and accuracies run from 0 to 1; None stands where an arm has no such number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from runner.statistics import Difference, Interval, Verdict


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Where the uncertainty of an arm's accuracy comes from: standard deviations, shares from 0 to 1."""

    training: float  # between trainings that differ by their seed alone; of one training
    exam: float  # what another exam of as many facts would change


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How many facts of a category the exam names, labels state, and an arm answers right at least once."""

    examined: int
    labelled: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How far an arm's labels reach over the facts: numbers of facts, then accuracies."""

    found: int | None  # facts that the method named
    kept: int | None  # of them, those that its filter kept
    labelled: int  # facts of the exam that a label states
    examined: int  # facts of the exam
    answered: int  # facts of the exam with at least one right answer
    taught: Interval | None  # accuracy on the labelled facts
    untaught: Interval | None  # accuracy on the others: never taught
    trained: Interval | None  # accuracy on the training questions themselves: learned
    unevenness: float  # standard deviation of the accuracy over facts
    categories: Mapping[str, Reach] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What tuning left of what the untuned model knew: general questions before and after."""

    before: Interval
    after: Interval
    known: int  # questions that the untuned model got right
    lost: float  # of them, those that the tuned one gets wrong: the mean of its trainings
    gained: float  # wrong before, right after
    difference: Difference  # after minus before, paired
    verdict: Verdict
    perplexity_before: float | None  # of a page of general text
    perplexity_after: float | None
    floor: float  # the least share of the known that must be kept; 0 where there is no gate
    replay: float  # general pairs in training, as a share of the labels

    @property
    def kept(self) -> float:
        """The share of what was known that still is; 1 where nothing was known."""
        return 1 - self.lost / self.known if self.known else 1.0

    @property
    def passed(self) -> bool:
        """Whether the gate lets the arm through."""
        return self.kept >= self.floor


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What an arm was trained with, by the three measures in which two arms can be matched."""

    labels: int
    tokens: int  # of the labels: words and punctuation marks
    steps: int  # of the optimizer


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One line of the comparison."""

    name: str  # unique in the comparison
    kind: str  # tuned, base, rag, ...
    status: str  # FINISHED, FAILED, KILLED, RUNNING, NOT BEGUN
    run: str  # MLflow's id
    method: str = ""
    size: str = ""
    line: str = ""  # the learning curve that it is a point of: its name without the size
    accuracy: Interval | None = None
    categories: Mapping[str, Interval] = field(default_factory=dict)
    seeds: Sequence[float] = ()  # the accuracy of each training, where it was repeated
    spread: Spread | None = None
    budget: Budget | None = None
    coverage: Coverage | None = None
    retention: Retention | None = None
    near: int = 0  # exam questions with a near-duplicate among the labels
    without_near: Interval | None = None  # accuracy without those questions
    ungraded: int = 0
    shortage: str = ""  # in words, where there were fewer labels than asked for
    losses: Sequence[float] = ()  # training loss by step
    costs: Mapping[str, float] = field(default_factory=dict)  # seconds/<stage>, cost/<stage>/..., cost/usd; nan is unknown
    ledger: Sequence[Mapping[str, object]] = ()  # stage, requested, kept, filtered, failed
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def tuned(self) -> bool:
        """Whether this is a tuned arm rather than a baseline."""
        return self.kind == "tuned"

    @property
    def through(self) -> bool:
        """Whether it is tuned, was graded, and came through the gate where there is one."""
        return self.tuned and self.accuracy is not None and (self.retention is None or self.retention.passed)

    @property
    def labels(self) -> int:
        """How many labels it was tuned on."""
        return self.budget.labels if self.budget else 0

    @property
    def standing(self) -> tuple[float, int]:
        """What arms are ordered by: the accuracy, and of as accurate ones the fewer labels."""
        return (self.accuracy.estimate if self.accuracy else 0.0), -self.labels


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two arms on the same questions: how far `second` is ahead of `first`, and whether that is decided."""

    first: str
    second: str
    category: str  # "" for all questions
    difference: Difference
    p: float  # corrected for the number of comparisons
    verdict: Verdict
    matched: Sequence[str] = ()  # labels, label tokens, steps: the budgets in which two tuned arms are equal

    def turned(self) -> "Pair":
        """The same pair seen from the other arm."""
        turned = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}.get(self.verdict, self.verdict)
        old = self.difference
        difference = replace(old, estimate=-old.estimate, low=-old.high, high=-old.low)
        return replace(self, first=self.second, second=self.first, difference=difference, verdict=turned)


@dataclass(frozen=True, kw_only=True)
class Response:
    """One arm's answer to one question; `passed` is the share of its graded trainings that passed, None where there are none."""

    text: str
    passed: float | None
    graded: int = 1  # trainings whose answer was graded


@dataclass(frozen=True, kw_only=True)
class Item:
    """One exam question with each arm's answer, by the arm's name."""

    id: str
    question: str
    reference: str
    category: str
    fact: str
    responses: Mapping[str, Response]
    labelled: Sequence[str] = ()  # the tuned arms with a label that states its fact

    @property
    def disputed(self) -> bool:
        """Whether the arms disagree on it."""
        return len({response.passed for response in self.responses.values()}) > 1


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One sentence of the recommendation, and the numbers that it rests on, each in words with its value."""

    sentence: str
    because: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far a grader agrees with people, or with another grader."""

    graders: str  # "judge and people", "judge and match"
    questions: int
    kappa: Interval  # Cohen's, from -1 to 1


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that one sweep's arms have shown on one exam."""

    command: str
    corpus: str
    exam: str  # the exam's hash
    questions: int
    facts: int
    error: float  # the rate at which a verdict may be wrong
    grader: str
    arms: Sequence[Arm]
    pairs: Sequence[Pair] = ()
    items: Sequence[Item] = ()
    advice: Sequence[Advice] = ()
    notes: Sequence[str] = ()  # what a reader must know before believing a number
    agreements: Sequence[Agreement] = ()

    @property
    def categories(self) -> list[str]:
        """The exam's categories, in order."""
        return sorted({name for arm in self.arms for name in arm.categories})

    @property
    def best(self) -> Arm | None:
        """Of the tuned arms that passed the gate the most accurate, of as accurate ones that with the fewest labels."""
        return max((arm for arm in self.arms if arm.through), key=lambda arm: arm.standing, default=None)

    def arm(self, name: str) -> Arm:
        """The arm of this name."""
        return next(arm for arm in self.arms if arm.name == name)

    def pair(self, first: str, second: str, category: str = "") -> Pair | None:
        """How far `second` is ahead of `first`, whichever way round they were compared; None where they were not."""
        found = (pair for pair in self.pairs if pair.category == category and {pair.first, pair.second} == {first, second})
        return next((pair if pair.first == first else pair.turned() for pair in found), None)
