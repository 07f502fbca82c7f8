"""A store with a sweep, an arm that a later sweep uses again, and an arm that took another exam."""

from pathlib import Path

from runner.tracker.mlflow import MLflow
from tests.comparison.given import sheet

EXAM = {"corpus": "cup", "model": "small", "grader": "match"}


def arm(uri: str, key: str, grades: str, parent: str | None = None, exam: str = "one", **settings: str) -> str:
    """Track an arm that took an exam; return its id. An arm with a size is a tuned one."""
    kind = "tuned" if "size" in settings else "base"
    name = f"fact {settings['size']}" if "size" in settings else "base"
    tags = {"runner.kind": "arm", "runner.arm": kind, "runner.exam": exam}
    with MLflow(uri=uri).run("cup", key, name, tags, parent) as run:
        if not run.finished:
            tuned = {"method": "fact", "labels": 3, "label_tokens": 9, "steps": 1} if kind == "tuned" else {}
            run.log({"accuracy": grades.count("+") / len(grades)}, {**EXAM, **tuned, **settings})
            run.table("answers", sheet(grades))
    return run.id


def sweep(uri: str, key: str, name: str, *ids: str) -> str:
    """Track a sweep whose table has these arms; return its id."""
    with MLflow(uri=uri).run("cup", key, name, {"runner.kind": "sweep"}) as run:
        run.table("comparison", [{"run": arm} for arm in ids])
    return run.id


def past(uri: str) -> dict[str, str]:
    """Track two sweeps that share their baseline, and a run of another exam; return ids by key."""
    first = sweep(uri, "first", "size=1x")
    ids = {"base": arm(uri, "base", "--+-", first), "small": arm(uri, "small", "+-+-", first, size="1x")}
    first = sweep(uri, "first", "size=1x", *ids.values())
    large = arm(uri, "large", "+++-", size="5x")
    second = sweep(uri, "second", "size=5x", ids["base"], large)
    return {**ids, "first": first, "large": large, "second": second, "other": arm(uri, "other", "++", exam="two", size="1x")}


def overrides(uri: str, folder: Path) -> list[str]:
    """Overrides of a command that writes into a folder."""
    return [f"tracker.uri={uri}", f"hydra.run.dir={folder}/report"]
