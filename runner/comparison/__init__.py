"""Plain records of a sweep's comparison.

They hold arms, pairs, answers, notes and the recommendation. Shares run from 0 to 1. A number that is missing is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from runner.comparison.agreement import Agreement
from runner.statistics import Difference, Interval, Verdict
from runner.statistics.suppositions import DEFAULTS, Suppositions


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Standard deviations of an arm's accuracy, by source."""

    training: float  # between single trainings that differ by their seed alone
    exam: float  # between exams of as many facts


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Numbers of facts in one category."""

    examined: int  # that the exam asks about
    labelled: int  # that a label states
    answered: int  # that the arm answers correctly at least once


@dataclass(frozen=True, kw_only=True)
class ArmCoverage:
    """Numbers of facts that an arm's labels and answers cover."""

    listed: int | None  # facts that the method listed; None if the method lists no facts
    kept: int | None  # of these, the facts that the method's filter kept
    labelled: int  # facts of the exam that a label states
    examined: int  # facts of the exam
    answered: int  # facts of the exam with at least one correct answer
    taught: Interval | None  # accuracy on the labelled facts
    untaught: Interval | None  # accuracy on the other facts, which no label states
    trained: Interval | None  # accuracy on the training questions themselves
    unevenness: float  # standard deviation of the accuracy over facts
    categories: Mapping[str, Reach] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ArmRetention:
    """Results on general questions before and after tuning."""

    before: Interval
    after: Interval
    known: int  # questions that the untuned model answers correctly
    lost: float  # of these, the questions that the tuned model gets wrong; the mean over trainings
    gained: float  # questions that were wrong before and are correct after
    kinds: Mapping[str, tuple[int, float]] = field(default_factory=dict)  # by kind: the known, and the share that is kept
    difference: Difference  # after minus before, paired
    verdict: Verdict
    perplexity_before: float | None  # of a page of general text
    perplexity_after: float | None
    floor: float  # the least share of the known that the gate asks for; 0 if there is no gate
    kept_interval: Interval | None = None  # of the share of the known that is kept

    @property
    def kept(self) -> float:
        """Share of the known questions that are still answered correctly."""
        # Not 1 - lost / known: 1 - 0.07 is less than 0.93, and an arm at its very floor would fail the gate.
        return (self.known - self.lost) / self.known if self.known else 1.0  # who knew nothing passes any gate

    @property
    def passed(self) -> bool:
        """True if the arm passes the gate."""
        return self.kept >= self.floor


@dataclass(frozen=True, kw_only=True)
class TrainingBudget:
    """Amount of training, in three measures that can be matched."""

    labels: int
    tokens: int  # of the labels: words and punctuation marks
    steps: int  # of the optimizer


@dataclass(frozen=True, kw_only=True)
class Arm:
    """Results and settings of one arm."""

    name: str  # unique in the comparison
    kind: str  # tuned, base, rag, ...
    status: str  # FINISHED, FAILED, KILLED, RUNNING, NOT BEGUN
    run: str  # MLflow's id
    method: str = ""
    size: str = ""
    line: str = ""  # the learning curve that it belongs to: its name without the size
    varied: Mapping[str, str] = field(default_factory=dict)  # the settings in its name, with their values
    accuracy: Interval | None = None
    categories: Mapping[str, Interval] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)  # by another column of the exam, and its value
    seeds: Sequence[float] = ()  # the accuracy of each training, if there were several
    undecided: Sequence[str] = ()  # with seeds=auto: the arms against which more trainings may decide
    ended: str = ""  # with seeds=auto: why it was not trained again, in words
    spread: Spread | None = None
    budget: TrainingBudget | None = None
    coverage: ArmCoverage | None = None
    retention: ArmRetention | None = None
    passages: str = ""  # what its prompts held of the documents, in words; "" for an arm without passages
    holding: tuple[int, int] | None = None  # its prompts that held the answer, and all of its prompts
    recall: Mapping[int, float] = field(default_factory=dict)  # by rank: questions with a passage of their section up to it
    stale: Interval | None = None  # share of the questions on withdrawn facts that are still answered as before
    near: int = 0  # exam questions with a near-duplicate among the labels
    without_near: Interval | None = None  # accuracy without those questions
    ungraded: int = 0
    words: float | None = None  # of an answer of the exam, the mean
    ranked_by: tuple[float, int] | None = None  # accuracy on the questions graded for every arm, and their number; None: all were
    shortage: str = ""  # a sentence, if there were fewer labels than asked for
    losses: Sequence[float] = ()  # training loss by step
    rounds: Sequence[Mapping[str, float]] = ()  # labels, accuracy and practice after each round of refine=rounds, from 0 on
    costs: Mapping[str, float] = field(default_factory=dict)  # seconds/<stage>, cost/<stage>/..., cost/usd; nan is unknown
    training: str = ""  # of the labels and of all that decides the training: the same for two arms that were trained alike
    ledger: Sequence[Mapping[str, object]] = ()  # stage, requested, kept, filtered, failed
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def tuned(self) -> bool:
        """True for a tuned arm, False for a baseline."""
        return self.kind == "tuned"

    @property
    def eligible(self) -> bool:
        """True if it is tuned, graded, and passes any gate."""
        return self.tuned and self.accuracy is not None and (self.retention is None or self.retention.passed)

    @property
    def lists_facts(self) -> bool:
        """True if the arm's method lists facts before it labels."""
        # Only such a method tracks how many facts it found, so no method needs to be known by name.
        return self.coverage is not None and self.coverage.listed is not None

    @property
    def labels(self) -> int:
        """Number of labels that the arm was tuned on."""
        return self.budget.labels if self.budget else 0

    @property
    def rank(self) -> tuple[float, int, int]:
        """Sort key: a higher accuracy first, then more answers graded, then fewer labels."""
        accuracy = self.ranked_by[0] if self.ranked_by else self.accuracy.estimate if self.accuracy else 0.0
        return accuracy, -self.ungraded, -self.labels


@dataclass(frozen=True, kw_only=True)
class ArmPair:
    """Difference of `second` minus `first` on the same questions."""

    first: str
    second: str
    category: str  # "" for all questions
    difference: Difference
    p: float  # corrected for the number of comparisons
    verdict: Verdict  # on the second arm; the interval of the difference is that at which it was tested, and agrees with it
    family: str = ""  # the comparisons that p is corrected for: "4 comparisons of tuned arms with base"
    tests: int = 1  # their number; pairs on too few facts are not tested
    matched: Sequence[str] = ()  # the budgets in which two tuned arms are equal: labels, label tokens, steps

    def turned(self) -> "ArmPair":
        """Return the same pair with the two arms exchanged."""
        difference, verdict = self.difference.turned(), self.verdict.opposite
        return replace(self, first=self.second, second=self.first, difference=difference, verdict=verdict)


@dataclass(frozen=True, kw_only=True)
class Response:
    """An arm's answer to one question."""

    text: str  # of the first training
    passed: float | None  # the share of the graded trainings that passed; None if none was graded
    graded: int = 1  # trainings whose answer was graded


@dataclass(frozen=True, kw_only=True)
class ExamItem:
    """An exam question with every arm's answer."""

    id: str
    question: str
    reference: str
    category: str
    fact: str
    responses: Mapping[str, Response]  # by the arm's name
    labelled: Sequence[str] = ()  # names of the tuned arms with a label that states the question's fact

    @property
    def disputed(self) -> bool:
        """True if the arms' grades differ."""
        return len({response.passed for response in self.responses.values()}) > 1


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A sentence of the recommendation with its reasons."""

    sentence: str
    because: Sequence[str]  # each reason gives numbers in words
    detail: str = ""  # the most important number in words, for a terminal; "" if the sentence itself holds it


@dataclass(frozen=True, kw_only=True)
class Regraded:
    """Changes that grading by `match` alone would make."""

    answers: int  # that the judge's grader and `match` both graded
    failed: Mapping[str, int]  # by arm: passes that `match` would fail
    passed: Mapping[str, int]  # by arm: fails that `match` would pass
    pairs: Sequence[tuple["ArmPair", Verdict]]  # pairs whose verdict would change, with the other verdict
    judged: int  # verdicts of the judge
    same: str = ""  # the judge's only verdict, pass or fail, if `match` gave another one often

    @property
    def changed(self) -> int:
        """Number of verdicts on answers that would change."""
        return sum(self.failed.values()) + sum(self.passed.values())


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Results of all arms of a sweep on one exam."""

    command: str
    corpus: str
    exam: str  # the exam's hash
    written: str = ""  # how a program made the exam; "" if people wrote it
    questions: int
    facts: int
    error: float  # the rate at which a verdict may be wrong
    margin: float = 0.05  # a difference that is too small to matter, as a share
    grader: str
    judge: str = ""  # the model that the grader asked, where it asks one
    arms: Sequence[Arm]
    pairs: Sequence[ArmPair] = ()
    kept_pairs: Sequence[ArmPair] = ()  # of tuned arms, on the general questions that were known: how much more was kept
    supposed: Suppositions = DEFAULTS  # of further arms like these, by which larger exams are planned
    items: Sequence[ExamItem] = ()
    advice: Sequence[Advice] = ()
    notes: Sequence[str] = ()  # limits of the numbers, as sentences
    agreements: Sequence[Agreement] = ()
    regraded: Regraded | None = None  # None where no judge was asked
    origin: Sequence[str] = ()  # when and by what it was made: date, version, commits
    looks: Sequence[int] = ()  # with seeds=auto: the numbers of trainings after which arms are compared
    look: int = 0  # of these, the one that this comparison is at
    star: str = ""  # the name of the most accurate tuned arm with a decided gain; "" if there is none
    base: str = ""  # of logs of other tools: the system that the others are compared with; "" if our own arms are compared

    @property
    def categories(self) -> list[str]:
        """The exam's categories, sorted."""
        return sorted({name for arm in self.arms for name in arm.categories})

    @property
    def best(self) -> Arm | None:
        """Most accurate eligible arm; None if there is none.

        If several are as accurate, it is the arm with the fewest labels. Its lead may be chance; see `star`.
        """
        return max((arm for arm in self.arms if arm.eligible), key=lambda arm: arm.rank, default=None)

    def arm(self, name: str) -> Arm:
        """Return the arm of this name."""
        return next(arm for arm in self.arms if arm.name == name)

    @property
    def groups(self) -> dict[str, list[str]]:
        """The values of each column that accuracy is reported by."""
        names = list(dict.fromkeys(name for arm in self.arms for name in arm.groups))
        return {name: sorted({value for arm in self.arms for value in arm.groups.get(name, {})}) for name in names}

    def pair(self, first: str, second: str, category: str = "", kept: bool = False) -> ArmPair | None:
        """Return the comparison of `second` with `first`.

        `kept` asks for that of what they kept. Returns None if the two arms were not compared.
        """
        among = self.kept_pairs if kept else self.pairs
        # Each two arms are compared once, in the order of the sweep, which need not be the order asked for.
        pairs = (pair for pair in among if pair.category == category and {pair.first, pair.second} == {first, second})
        return next((pair if pair.first == first else pair.turned() for pair in pairs), None)
