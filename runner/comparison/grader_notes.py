"""Agreement of graders in, sentences for the reader out."""

from runner.comparison import Comparison, Regraded
from runner.comparison.agreement import LEAST, Agreement
from runner.comparison.words import bounds, percent

LISTED = 6  # arms or pairs at most that a note names


def grader_notes(comparison: Comparison) -> list[str]:
    """Say how far the grader agrees with others."""
    agreements = [agreement for agreement in comparison.agreements if "people" in agreement.graders and agreement.questions]
    return [*map(_people, agreements), *(_regraded(comparison, comparison.regraded) if comparison.regraded else [])]


def _people(agreement: Agreement) -> str:
    grader, interval = agreement.graders.partition(" and ")[0], agreement.kappa
    kappa = "kappa is not known, since one of the two gave all of them the same verdict"
    if interval:
        kappa = f"kappa {interval.estimate:.2f}, {interval.low:.2f} to {interval.high:.2f}"
    return (
        f"{grader} gives the verdict of people on {percent(agreement.agreed)} of {agreement.questions} answers ({kappa}). It "
        f"passes {agreement.only_first} that people fail, and fails {agreement.only_second} that people pass."
        f"{_beside_floor(agreement)}"
    )


def _beside_floor(agreement: Agreement) -> str:
    """Say where a grader in doubt stands beside its floor."""
    share, floor = agreement.share, f"the floor of {100 * agreement.floor:g}%"
    if not agreement.floor or share is None:
        return ""
    if not agreement.enough:
        return f" Fewer than {LEAST} graded answers do not measure a judge, so it is not known whether it reaches {floor}."
    if agreement.below_floor:
        return f" That is below {floor} (95% interval {bounds(share)}), so do not rely on its grades: take another model@judge."
    if share.estimate < agreement.floor:
        return f" That is less than {floor}, but of so few answers it is not certain (95% interval {bounds(share)})."
    return ""


def _regraded(comparison: Comparison, other: Regraded) -> list[str]:
    notes = []
    if other.same:
        notes.append(
            f"The judge gave {other.same} to all {other.judged} answers that it was asked about; match often does not. It may "
            "not be judging at all. Read some of its replies in the artifact disagreements, or take another model@judge."
        )
    arms = [arm.name for arm in comparison.arms if other.failed.get(arm.name) or other.passed.get(arm.name)]
    changes = [f"of {arm} {other.failed.get(arm, 0)} would fail and {other.passed.get(arm, 0)} would pass" for arm in arms]
    sentence = f"By match alone {other.changed} of {other.answers} verdicts on answers would change"
    if not changes:
        return [*notes, f"{sentence}."]
    notes.append(f"{sentence}: {_listed(changes)}. The artifact disagreements lists them. {_pairs(other)}")
    return notes


def _pairs(other: Regraded) -> str:
    """Say which verdicts on pairs of arms would change."""
    if not other.pairs:
        return "No verdict between arms would change."
    changes = [f"{pair.second} against {pair.first} from {pair.verdict} to {verdict}" for pair, verdict in other.pairs]
    return f"Verdicts between arms would change: {_listed(changes)}."


def _listed(parts: list[str]) -> str:
    more = [f"and {len(parts) - LISTED} more"] if len(parts) > LISTED else []
    return "; ".join([*parts[:LISTED], *more])
