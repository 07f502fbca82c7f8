"""The contract of a filter: labels in, fewer labels out, with what was dropped and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Protocol, runtime_checkable

from pydantic import Field

from runner.data.records import Grade, Label, Section
from runner.model import Model

Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, kw_only=True)
class Filtered:
    """The labels that a filter keeps and drops."""

    labels: tuple[Label, ...]
    dropped: tuple[Label, ...] = ()  # `extra` of each has a `reason`, as the ledger counts it, and the `detail` in words


@runtime_checkable
class Filter(Protocol):
    """A rule on labels. A class must have `apply`.

    A study may have several. They are applied in the order of the command.
    """

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Keep or drop each label; `sections` are those of the corpus.

        The labels that are kept stay in their order.
        """


@runtime_checkable
class CheckedFilter(Protocol):
    """A filter that is checked before any work."""

    def check(self) -> None:
        """Raise a Fault if the filter can't be applied here."""


@runtime_checkable
class ReadsPurpose(Protocol):
    """A filter that reads the purpose of the corpus.

    `apply` is never called then. A corpus without a purpose is refused before any work.
    """

    def apply_for(self, purpose: str, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Keep or drop each label, as `apply` does."""


@runtime_checkable
class SlowFilter(Protocol):
    """A filter whose result may be worth keeping."""

    @property
    def slow(self) -> bool:
        """Return true if it takes more than some seconds."""


@runtime_checkable
class Asking(Protocol):
    """Requests to a judge about labels.

    What can be forecast also has `guesses` (see `runner.data.guesses.Forecastable`).
    """

    def grade(self, labels: Sequence[Label], sections: Sequence[Section], purpose: str, judge: Model) -> list[Grade]:
        """Grade each label; `passed` is true for one to keep."""


@runtime_checkable
class AsksJudge(Protocol):
    """A filter that may leave doubtful labels to a judge.

    In doubt are those that the rule would drop. Nobody is asked about others.
    """

    @property
    def judge(self) -> Asking | None:
        """Return what the judge is asked, if anything."""


def asking(rule: Filter) -> Asking | None:
    """Return what a filter asks a judge, if any."""
    judge = rule.judge if isinstance(rule, AsksJudge) else None
    return judge if isinstance(judge, Asking) else None  # of another class, a setting may have the name by chance


def parted(labels: Sequence[Label], reasons: Sequence[tuple[str, str]]) -> Filtered:
    """Part labels by the reasons to drop them.

    Each label has its reason, and what exactly is wrong with it. Where the reason is "", the label is kept.
    """
    pairs = list(zip(labels, reasons, strict=True))
    return Filtered(
        labels=tuple(label for label, (reason, _) in pairs if not reason),
        dropped=tuple(_with_reason(label, reason, detail) for label, (reason, detail) in pairs if reason),
    )


def _with_reason(label: Label, reason: str, detail: str) -> Label:
    return replace(label, extra={**label.extra, "reason": reason, "detail": detail})
