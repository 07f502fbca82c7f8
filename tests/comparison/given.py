"""Comparisons to test with, small and large, and their parts."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.comparison import (
    Advice,
    Agreement,
    Arm,
    ArmCoverage,
    ArmPair,
    ArmRetention,
    Comparison,
    ExamItem,
    Reach,
    Response,
    Spread,
    TrainingBudget,
)
from runner.comparison.tracked import Tracked
from runner.statistics import Difference, Interval, Verdict
from runner.tracker import TrackedRun

CATEGORIES = ("Boot", "Clocks", "Interrupts", "Memory map", "Power", "Registers")
METHODS = ("token", "fact", "human", "passage", "fact rate=1e-3", "token rate=1e-3", "fact tuner=full")
SIZES = {"1x": 120, "5x": 590, "10x": 1180}
HOSTILE = (
    "</script><script>window.broken = 1</script> \"quoted\" 'single' {{ 7 * 7 }} {% raw %} "
    "\u2028 \u2029 <!-- &amp; <b>bold</b> <img src=x onerror='window.broken = 1'>"
)
GRADES = {"+": "pass", "-": "fail", "?": "ungraded"}
# Words of technical prose. Questions and answers are drawn from them, so that a page compresses about as well as a real one.
WORDS = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split()


def interval(estimate: float, width: float = 0.08) -> Interval:
    """An interval about an estimate, all within 0 and 1."""
    estimate = min(1.0, max(0.0, estimate))
    return Interval(estimate=estimate, low=max(0.0, estimate - width), high=min(1.0, estimate + width))


def difference(estimate: float, width: float = 0.09, detectable: float | None = 0.12) -> Difference:
    """A difference with its interval; its p follows from whether the interval holds 0."""
    p = 0.0004 if abs(estimate) > width else 0.31
    return Difference(estimate=estimate, low=estimate - width, high=estimate + width, p=p, detectable=detectable)


def pair(first: str, second: str, estimate: float, category: str = "", matched: Sequence[str] = ()) -> ArmPair:
    """A pair whose verdict follows from its difference."""
    gain = difference(estimate)
    decided = Verdict.BETTER if estimate > 0 else Verdict.WORSE
    verdict = decided if gain.p < 0.05 else Verdict.UNDECIDED
    return ArmPair(
        first=first, second=second, category=category, difference=gain, p=gain.p * 2, verdict=verdict, matched=tuple(matched)
    )


def retention(after: float = 0.6, lost: int = 8, floor: float = 0.8) -> ArmRetention:
    """General questions before and after: 70% known of 100."""
    return ArmRetention(
        before=interval(0.7),
        after=interval(after),
        known=70,
        lost=lost,
        gained=2,
        difference=difference(after - 0.7),
        verdict=Verdict.WORSE,
        perplexity_before=14.2,
        perplexity_after=15.9,
        floor=floor,
    )


def coverage(labelled: int = 24, examined: int = 30) -> ArmCoverage:
    """Facts of an exam, most of them labelled."""
    return ArmCoverage(
        listed=40,
        kept=36,
        labelled=labelled,
        examined=examined,
        answered=labelled // 2,
        taught=interval(labelled / examined),
        untaught=interval(0.12),
        trained=interval(0.91, 0.04),
        unevenness=0.31,
        categories={category: Reach(examined=10, labelled=8, answered=4) for category in CATEGORIES[:3]},
    )


def baseline(name: str, accuracy: float, categories: Sequence[str] = CATEGORIES[:3]) -> Arm:
    """An arm that was not tuned."""
    return Arm(
        name=name,
        kind=name.split()[0],
        status="FINISHED",
        run=f"run-{name}",
        line=name,
        accuracy=interval(accuracy),
        categories={category: interval(accuracy, 0.14) for category in categories},
        costs={"seconds/answering": 31.5, "tokens": 8123.0},
    )


def tuned(method: str, size: str, accuracy: float, categories: Sequence[str] = CATEGORIES[:3]) -> Arm:
    """A tuned arm with every field filled."""
    labels, covered = SIZES[size], coverage(round(30 * accuracy))
    return Arm(
        name=f"{method} {size}",
        kind="tuned",
        status="FINISHED",
        run=f"run-{method}-{size}",
        method=method.split()[0],
        size=size,
        line=method,
        accuracy=interval(accuracy),
        categories={category: interval(accuracy - 0.1 + 0.1 * at, 0.14) for at, category in enumerate(categories)},
        seeds=(accuracy - 0.02, accuracy, accuracy + 0.02),
        spread=Spread(training=0.02, exam=0.047),
        budget=TrainingBudget(labels=labels, tokens=labels * 21, steps=labels // 4),
        coverage=covered if method.startswith("fact") else replace(covered, listed=None, kept=None),
        retention=retention(),
        losses=[round(0.4 + 2.5 / (1 + step / 12), 4) for step in range(labels // 4)],
        costs={"seconds/labelling": 12.25, "seconds/tuning": 1234.0, "tokens": labels * 63.0, "requests": 88.0},
        ledger=({"stage": "labels", "requested": labels + 9, "kept": labels, "filtered": 7, "failed": 2},),
        parameters={"method": method, "size": size, "tuner.rank": "16", "seed": "0"},
    )


def items(arms: Sequence[Arm], count: int = 12, seed: int = 0, words: int = 9) -> list[ExamItem]:
    """Questions with every arm's answer; which arms disagree, and the words of a wrong answer, are drawn."""
    drawn = random.Random(seed)
    categories = sorted({name for arm in arms for name in arm.categories}) or ["all"]
    return [_item(number, categories[number % len(categories)], arms, drawn, words) for number in range(count)]


def asked(facts: int, questions: int) -> list[ExamItem]:
    """Questions on so many facts, without answers."""
    places = [(fact, question) for fact in range(facts) for question in range(questions)]
    return [
        ExamItem(id=f"q{fact}-{place}", question="Which?", reference="a", category="", fact=f"f{fact}", responses={})
        for fact, place in places
    ]


def _item(number: int, category: str, arms: Sequence[Arm], drawn: random.Random, words: int) -> ExamItem:
    reference = f"{drawn.choice(WORDS)} {drawn.randint(2, 4096)}"
    agreed = drawn.random() < 0.3
    responses = {}
    for arm in arms:
        if arm.accuracy is None:
            continue
        passed = agreed or drawn.random() < arm.accuracy.estimate
        text = f"It is {reference}." if passed else f"{_sentence(drawn, words)} {drawn.randint(2, 4096)}."
        responses[arm.name] = Response(text=text, passed=1.0 if passed else 0.0)
    return ExamItem(
        id=f"q{number:04}",
        question=f"What is {_sentence(drawn, 10).lower()}, case {number}?",
        reference=reference,
        category=category,
        fact=f"f{number // 3:04}",
        responses=responses,
        labelled=[arm.name for arm in arms if arm.tuned and number % 4],
    )


def _sentence(drawn: random.Random, length: int) -> str:
    return " ".join(drawn.choices(WORDS, k=length)).capitalize()


def small() -> Comparison:
    """Two methods at two sizes on twelve questions.

    There are two baselines, an arm that failed, and an arm that did not pass the gate.
    """
    best, failing = replace(tuned("fact", "5x", 0.62), words=12.44), tuned("token", "5x", 0.55)
    arms = [
        baseline("base", 0.08),
        baseline("rag", 0.72),
        tuned("fact", "1x", 0.41),
        best,
        tuned("token", "1x", 0.38),
        replace(failing, retention=retention(0.4, lost=30), near=3, without_near=interval(0.5), shortage="590 of 600 labels"),
        Arm(name="human full", kind="tuned", status="FAILED", run="run-human", method="human", size="full", line="human"),
    ]
    return Comparison(
        command="run.py -m method=token,fact,human size=1x,5x",
        corpus="chip",
        exam="0123456789abcdef0123456789abcdef",
        questions=12,
        facts=4,
        error=0.05,
        grader="judge",
        judge="gpt-5-mini",
        arms=arms,
        star="fact 5x",
        pairs=_pairs(arms[:-1]),
        items=items(arms),
        advice=(
            Advice(sentence="Label by fact, with 5x labels.", because=("fact 5x is at 62.0%", "token 5x is at 55.0%")),
            Advice(sentence="Retrieval is ahead of every tuned arm.", because=("rag is at 72.0%",)),
        ),
        notes=("The judge's agreement with people was not measured.", "token 5x had fewer labels than asked for."),
        agreements=(
            Agreement(
                graders="judge and match",
                questions=12,
                kappa=interval(0.71),
                only_first=2,
                only_second=1,
                parts={"of base": Agreement(graders="judge and match", questions=4, kappa=None, only_first=2)},
            ),
        ),
    )


def large(arms: int = 24, questions: int = 2000, seed: int = 0) -> Comparison:
    """A random comparison of any number of arms and questions."""
    drawn = random.Random(seed)
    trained = [
        tuned(method, size, min(0.95, 0.15 + 0.06 * at + 0.2 * step + drawn.uniform(-0.05, 0.05)), CATEGORIES)
        for at, method in enumerate(METHODS)
        for step, size in enumerate(SIZES)
    ]
    others = [
        baseline("base", 0.07, CATEGORIES),
        baseline("rag lexical", 0.66, CATEGORIES),
        baseline("rag dense", 0.68, CATEGORIES),
    ]
    chosen = [*others, *trained][:arms]
    return replace(
        small(),
        command=f"run.py -m method={','.join(METHODS[:4])} size={','.join(SIZES)}",
        questions=questions,
        facts=-(-questions // 3),
        arms=chosen,
        pairs=_pairs(chosen),
        items=items(chosen, questions, seed),
    )


def empty() -> Comparison:
    """A sweep of which no tuned arm finished."""
    return Comparison(
        command="run.py -m method=fact",
        corpus="chip",
        exam="0123",
        questions=0,
        facts=0,
        error=0.05,
        grader="match",
        arms=[Arm(name="fact 1x", kind="tuned", status="FAILED", run="run-1")],
    )


def _pairs(arms: Sequence[Arm]) -> list[ArmPair]:
    """Every two arms, in all categories and in each."""
    return [
        pair(
            first.name, second.name, later.estimate - earlier.estimate, category, ["labels"] if first.size == second.size else []
        )
        for at, first in enumerate(arms)
        for second in arms[at + 1 :]
        for category in ["", *second.categories]
        if (later := second.categories.get(category, second.accuracy))
        and (earlier := first.categories.get(category, first.accuracy))
    ]


def sheet(*trainings: str, facts: str = "", categories: str = "") -> list[dict[str, Any]]:
    """A table of answers as tracked: a grade a question and training (+ - ?), a letter a question for fact and category."""
    return [
        {
            "category": categories[at] if categories else "men",
            "question": f"Who won {at}?",
            "reference": "Ada",
            "answer": f"answer {at} of training {training}",
            "grade": GRADES[grade],
            "training": training,
            "fact": (facts[at].strip() if facts else f"fact {at}"),
            "passages": "",
            "id": f"q{at}",
        }
        for training, grades in enumerate(trainings, start=1)
        for at, grade in enumerate(grades)
    ]


def trained(identity: str, *trainings: str, settings: Mapping[str, str] | None = None, **tables: Any) -> Tracked:
    """A tuned arm as a tracker gives it back.

    `settings` replace the usual ones. Letters, metrics and tables are given by name.
    """
    usual = {
        "method": "fact",
        "size": "5x",
        "labels": "150",
        "label_tokens": "3000",
        "steps": "40",
        "seed": "0",
        "teacher": "large",
    }
    return _sat(identity, "tuned", trainings, {**usual, **(settings or {})}, tables)


def untrained(kind: str, grades: str, settings: Mapping[str, str] | None = None, **tables: Any) -> Tracked:
    """A baseline as it is read back."""
    return _sat(kind, kind, [grades], settings or {}, tables)


def _sat(identity: str, kind: str, trainings: Sequence[str], settings: Mapping[str, str], tables: dict[str, Any]) -> Tracked:
    parameters = {"corpus": "chip", "model": "small", "grader": "match", **settings}
    status, metrics = tables.pop("status", "FINISHED"), tables.pop("metrics", {})
    letters = {name: tables.pop(name, "") for name in ("facts", "categories")}
    tags = {"runner.arm": kind, "runner.exam": "0123"}
    row = TrackedRun(identity, "name", status, tags, parameters, metrics)
    return Tracked(row=row, answers=sheet(*trainings, **letters), facts=tables.pop("covered", ()), **tables)
