"""One tracked arm to a line of the comparison, and the names that tell arms apart."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from runner.comparison import Arm, Budget, Coverage, Reach, Retention, Spread
from runner.comparison.tracked import Tracked, shares
from runner.data.records import VERDICTS
from runner.statistics import Interval, difference, interval, verdicts
from runner.tracker import Row

Exam = Mapping[str, Mapping[str, Any]]  # a row of an arm's answers for each question's id
FOLLOWS = {"method", "size", "labels", "label_tokens", "steps", "shortage"}  # what no other setting need tell


def named(rows: Sequence[Row]) -> list[str]:
    """A baseline's name, or a tuned arm's method and size; then every other setting in which arms of its kind differ."""
    found: list[str] = []
    for row in rows:
        of_kind = [other.parameters for other in rows if _kind(other) == _kind(row)]
        settings = sorted({setting for one in of_kind for setting in one} - FOLLOWS)
        varied = [setting for setting in settings if _varies(setting, of_kind)]
        also = [f"{setting}={row.parameters[setting]}" for setting in varied if setting in row.parameters]
        own = [row.parameters.get(part, "?") for part in ("method", "size")] if _kind(row) == "tuned" else [_kind(row)]
        name = " ".join([*own, *also])
        found.append(name if name not in found else f"{name} ({row.id[:6]})")
    return found


def _varies(setting: str, arms: Sequence[Mapping[str, str]]) -> bool:
    """Whether arms differ in a setting, and it is none of the size that the size's own name tells (50 labels)."""
    sizes = {one.get("size", "") for one in arms}
    told = setting.startswith("size.") and len({(one.get("size", ""), one.get(setting, "")) for one in arms}) == len(sizes)
    return not told and len({one.get(setting, "") for one in arms} - {"none"}) > 1


def cluster(row: Mapping[str, Any]) -> str:
    """What a question stands or falls with: its fact, or itself where none is named."""
    return str(row["fact"] or row["id"])


def arm(name: str, one: Tracked, exam: Exam, error: float) -> Arm:
    """What an arm has shown; numbers of accuracy from its answers, all others as it tracked them."""
    row, kind, size = one.row, _kind(one.row), one.row.parameters.get("size", "")

    def accuracy(chosen: Callable[[Mapping[str, Any]], bool]) -> Interval | None:
        rows = [answer for answer in one.answers if chosen(answer)]
        return interval([VERDICTS[answer["grade"]] for answer in rows], [cluster(answer) for answer in rows], error)

    each = {category: accuracy(lambda answer, of=category: answer["category"] == of) for category in categories(exam)}  # type: ignore[misc]
    numbers = row.metrics if one.answers else {}
    return Arm(
        name=name,
        kind=kind,
        status=row.status,
        run=row.id,
        method=row.parameters.get("method", ""),
        size=size,
        line=name.replace(f" {size}", "", 1) if kind == "tuned" else "",
        accuracy=accuracy(lambda _: True),
        categories={category: found for category, found in each.items() if found},
        seeds=_seeds(one),
        spread=_spread(numbers),
        budget=_budget(row) if kind == "tuned" and one.answers else None,
        coverage=_coverage(one, numbers),
        retention=_retention(one, error),
        near=int(numbers.get("near", 0)),
        without_near=_interval(numbers, "accuracy_without_near"),
        ungraded=int(numbers.get("ungraded", 0)),
        shortage=row.parameters.get("shortage", ""),
        losses=one.losses,
        costs={name: value for name, value in numbers.items() if name.startswith(("seconds/", "cost/"))},
        ledger=one.ledger,
        parameters=row.parameters,
    )


def _kind(row: Row) -> str:
    return row.tags.get("runner.arm", row.name)


def categories(exam: Exam) -> list[str]:
    """The categories of an exam, sorted."""
    return sorted({str(row["category"]) for row in exam.values()})


def _seeds(one: Tracked) -> list[float]:
    """The accuracy of each training that was graded, where there were several."""
    found = []
    for training in range(1, one.trainings + 1):
        of = [VERDICTS[row["grade"]] for row in one.answers if row["training"] == training]
        graded = [passed for passed in of if passed is not None]
        found += [fmean(graded)] if graded else []
    return found if len(found) > 1 else []


def _interval(numbers: Mapping[str, float], name: str) -> Interval | None:
    if name not in numbers:
        return None
    return Interval(estimate=numbers[name], low=numbers[f"{name}_low"], high=numbers[f"{name}_high"])


def _spread(numbers: Mapping[str, float]) -> Spread | None:
    if not {"spread/training", "spread/exam"} <= numbers.keys():
        return None
    return Spread(training=numbers["spread/training"], exam=numbers["spread/exam"])


def _budget(row: Row) -> Budget:
    labels, tokens, steps = (int(row.parameters.get(part, 0)) for part in ("labels", "label_tokens", "steps"))
    return Budget(labels=labels, tokens=tokens, steps=steps)


def _coverage(one: Tracked, numbers: Mapping[str, float]) -> Coverage | None:
    if "coverage/labelled" not in numbers:
        return None
    found, kept, labelled, examined, answered = (
        int(numbers[f"coverage/{name}"]) if f"coverage/{name}" in numbers else None
        for name in ("found", "kept", "labelled", "examined", "answered")
    )
    return Coverage(
        found=found,
        kept=kept,
        labelled=labelled or 0,
        examined=examined or 0,
        answered=answered or 0,
        taught=_interval(numbers, "coverage/taught"),
        untaught=_interval(numbers, "coverage/untaught"),
        trained=_interval(numbers, "coverage/trained"),
        unevenness=numbers.get("coverage/unevenness", 0.0),
        categories=_reach(one),
    )


def _reach(one: Tracked) -> dict[str, Reach]:
    """Facts by category."""
    right = {cluster(row) for row in one.answers if VERDICTS[row["grade"]]}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in one.facts:
        found.setdefault(row["category"], []).append(row)
    return {
        category: Reach(
            examined=len(facts),
            labelled=sum(row["labels"] > 0 for row in facts),
            answered=sum(row["fact"] in right for row in facts),
        )
        for category, facts in sorted(found.items())
    }


def _retention(one: Tracked, error: float) -> Retention | None:
    numbers = one.row.metrics
    before, after = _interval(numbers, "retention/before"), _interval(numbers, "retention/after")
    if not one.general or not before or not after:
        return None
    first, second = shares(one.general, "grade_before"), shares(one.general, "grade")
    asked = list(first)
    found = difference([first[of] for of in asked], [second[of] for of in asked], asked, error)
    if not found:
        return None
    return Retention(
        before=before,
        after=after,
        known=int(numbers["retention/known"]),
        lost=numbers["retention/lost"],
        gained=numbers["retention/gained"],
        difference=found,
        verdict=verdicts([found], error)[0],
        perplexity_before=numbers.get("retention/perplexity_before"),
        perplexity_after=numbers.get("retention/perplexity_after"),
        floor=numbers.get("retention/floor", 0.0),
        replay=numbers.get("retention/replay", 0.0),
    )
