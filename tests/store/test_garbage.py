"""An item is removed only if it is old, and no run that anybody tracks refers to it."""

import pytest

from runner.store import StoredItem, Use, Uses
from runner.store.garbage import ELSEWHERE, NEEDED, PAID, REFERRED, UNLISTED, YOUNG, Plan, Rules, TrackedRuns, plan

HERE, THERE = "sqlite:////here/mlflow.db", "http://there"
LONG_AGO, NOTED, OLD, LATELY = 1.0, 2.0, 3.0, 9.0  # when runs began to note, and times before and after
KEYS = {name: f"{number:032x}" for number, name in enumerate(("first", "second", "third", "fourth"))}


def item(name: str = "first", part: str = "labels", made: float = OLD, used: float = OLD) -> StoredItem:
    """An item that is old unless it is said otherwise."""
    return StoredItem(part, KEYS[name], 100, made, used)


def use(run: str, *names: str, tracker: str = HERE) -> Use:
    """The note of a run that refers to labels."""
    return Use(run, tracker, frozenset(f"labels/{KEYS[name]}" for name in names))


def decided(*items: StoredItem, uses: tuple[Use, ...] = (), runs: str = "kept", **rules: bool) -> Plan:
    """Plan with one tracked run, before the last days."""
    tracked = TrackedRuns(HERE, frozenset(runs.split()), frozenset())
    return plan(items, lambda item: "", Uses(uses, NOTED), tracked, Rules(before=5.0, **rules))


def reason(result: Plan) -> str:
    """Why the one item is kept, or nothing."""
    return result.kept[0][1] if result.kept else ""


@pytest.mark.parametrize(
    ("each", "rules", "expected"),
    [
        (item(), {}, ""),
        (item(used=LATELY), {}, YOUNG),
        (item(made=LONG_AGO), {}, UNLISTED),
        (item(made=LONG_AGO), {"unlisted": True}, ""),
        (item(part="replies"), {}, PAID),
        (item(part="replies"), {"replies": True}, ""),
        (item(part="replies", used=LATELY), {"replies": True}, YOUNG),
        (item(part="readings", made=LONG_AGO), {}, ""),
        (item(part="unfinished", made=LONG_AGO), {}, ""),
    ],
)
def test_what_no_run_refers_to_is_removed_once_it_is_old(each: StoredItem, rules: dict[str, bool], expected: str) -> None:
    assert reason(decided(each, **rules)) == expected


def test_what_a_tracked_run_refers_to_is_kept_wherever_the_note_says_it_is_tracked() -> None:
    assert reason(decided(item(), uses=(use("kept", "first"),))) == REFERRED
    assert reason(decided(item(), uses=(use("kept", "first", tracker="sqlite:////moved/mlflow.db"),))) == REFERRED


def test_what_a_deleted_run_referred_to_is_removed_with_its_note() -> None:
    gone = use("gone", "first")
    result = decided(item(), uses=(gone,))
    assert (result.removed, result.void) == ([item()], [gone])


def test_what_runs_of_other_tracking_stores_refer_to_is_kept_and_they_are_counted() -> None:
    result = decided(item(), uses=(use("other", "first", tracker=THERE),), forget=True, unlisted=True)
    assert (reason(result), result.elsewhere, result.void) == (ELSEWHERE, {THERE: 1}, [])


def test_a_tracking_store_without_any_run_has_lost_them_only_if_that_is_said() -> None:
    noted = use("gone", "first")
    doubtful = decided(item(), uses=(noted,), runs="")
    assert (reason(doubtful), doubtful.doubtful, doubtful.void) == (REFERRED, 1, [])
    forgotten = decided(item(), uses=(noted,), runs="", forget=True)
    assert (forgotten.removed, forgotten.void) == ([item()], [noted])


def test_trainings_that_a_run_of_an_earlier_version_names_are_kept() -> None:
    tracked = TrackedRuns(HERE, frozenset({"kept"}), frozenset({KEYS["first"]}))
    both = [item("first", "tunings", LONG_AGO), item("second", "tunings", LONG_AGO)]
    result = plan(both, lambda item: "", Uses(), tracked, Rules(before=5.0, unlisted=True))
    assert (result.kept, result.removed) == ([(both[0], REFERRED)], [both[1]])


def test_what_a_kept_stage_was_made_of_is_kept_too() -> None:
    stages = [item("third", "grades"), item("second", "tunings"), item("first", "tunings"), item("fourth", "tunings")]
    inputs = {KEYS["third"]: f'["{KEYS["second"]}"]', KEYS["second"]: f'["x", "{KEYS["first"]}"]'}
    tracked = TrackedRuns(HERE, frozenset({"kept"}), frozenset())
    uses = Uses((Use("kept", HERE, frozenset({stages[0].name})),), NOTED)
    result = plan(stages, lambda item: inputs.get(item.key, ""), uses, tracked, Rules(before=5.0))
    assert {each.key: why for each, why in result.kept} == {
        KEYS["third"]: REFERRED,
        KEYS["second"]: NEEDED,
        KEYS["first"]: NEEDED,
    }
    assert result.removed == [stages[3]]
