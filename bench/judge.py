"""Answers that were graded by reading; how often judge, match and both give the same verdict, printed."""

import argparse
import json
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from runner.comparison.agreement import Agreement
from runner.comparison.words import percent
from runner.config.places import CONF
from runner.data.records import Answer, Question
from runner.errors import Fault
from runner.grader.agreement import TwoVerdicts, agreement
from runner.grader.both import Both
from runner.grader.judge import pieces
from runner.pipeline.store_executor import cached
from tests.given import study

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "grader" / "pairs.jsonl"
SHIPPED = 20  # grader.long
LENGTHS = (0, 4, 8, 12, SHIPPED, 30, 60)

Row = dict[str, Any]  # kind, question, references, answer, right
Verdicts = list[bool | None]


def read(path: Path, most: int | None) -> list[Row]:
    """Read graded answers, kinds and verdicts in turns, so that a part of them has right and wrong ones of every kind."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    groups = dict.fromkeys((row["kind"], row["right"]) for row in rows)
    kinds = [[row for row in rows if (row["kind"], row["right"]) == group] for group in groups]
    return [row for turn in zip_longest(*kinds) for row in turn if row][:most]


def grade(rows: Sequence[Row], overrides: Sequence[str]) -> tuple[Verdicts, Verdicts, int]:
    """Grade every answer by match and by the judge; return also the number of replies that can't be read."""
    chosen = study("grader=both", *overrides)
    assert isinstance(chosen.grader, Both)
    questions = [
        Question(id=str(place), question=row["question"], answer=row["references"][0], category=row["kind"],
                 aliases=tuple(row["references"][1:]))
        for place, row in enumerate(rows)
    ]  # fmt: skip
    answers = [Answer(question=str(place), text=row["answer"]) for place, row in enumerate(rows)]
    chosen.judge.check()
    # As in a run: replies are kept in the store, so that the same command asks nothing twice.
    judge = cached(chosen, chosen.judge)
    judged = [found.passed for found in chosen.grader.judge.grade(questions, answers, judge)]
    matched = [found.passed for found in chosen.grader.match.grade(questions, answers, judge)]
    return matched, judged, sum(verdict is None for verdict in judged)


def both(rows: Sequence[Row], matched: Verdicts, judged: Verdicts, long: int) -> tuple[Verdicts, int]:
    """Return the verdicts of both graders together, and the number of answers that the judge is asked about."""
    asked = [not passed or len(pieces(row["answer"])) > long for row, passed in zip(rows, matched, strict=True)]
    verdicts = [verdict if doubtful else passed for verdict, passed, doubtful in zip(judged, matched, asked, strict=True)]
    return verdicts, sum(asked)


def compared(name: str, rows: Sequence[Row], verdicts: Verdicts) -> Agreement:
    """Compare a grader with the reading of the answers; answers to one question are a cluster."""
    pairs = [
        TwoVerdicts(row["question"], row["question"], row["answer"], verdict, row["right"])
        for row, verdict in zip(rows, verdicts, strict=True)
    ]
    return agreement(f"{name} and people", pairs)


def line(name: str, found: Agreement) -> str:
    """A grader's numbers as a row of a Markdown table."""
    kappa = f"{found.kappa.estimate:.2f} ({found.kappa.low:.2f} to {found.kappa.high:.2f})" if found.kappa else ""
    return f"| {name} | {found.questions} | {percent(found.agreed)} | {kappa} | {found.only_first} | {found.only_second} |"


def show(rows: Sequence[Row], matched: Verdicts, judged: Verdicts) -> None:
    """Print a table of graders, of their lengths, of kinds, and of the length that counts as long."""
    graders = {"match": matched, "judge": judged, f"both, long: {SHIPPED}": both(rows, matched, judged, SHIPPED)[0]}
    # A judge that passes or fails everything agrees in the share of right answers.
    graders |= {"passes all": [True] * len(rows), "fails all": [False] * len(rows)}
    head = "| answers | same verdict | kappa | wrong, passed | right, failed |\n|---|---|---|---|---|---|"
    print(f"\n| grader {head}")
    for name, verdicts in graders.items():
        found = compared(name, rows, verdicts)
        print(line(name, found))
        for length, part in found.parts.items():
            print(line(f"- {length}", part))
    print(f"\n| kind, by the judge {head}")
    for kind in dict.fromkeys(row["kind"] for row in rows):
        places = [place for place, row in enumerate(rows) if row["kind"] == kind]
        print(line(kind, compared("judge", [rows[place] for place in places], [judged[place] for place in places])))
    print(f"\n| grader.long {head.replace('| answers', '| asked | answers', 1)}---|")
    for long in LENGTHS:
        verdicts, asked = both(rows, matched, judged, long)
        print(line(f"{long} | {asked}", compared("both", rows, verdicts)))


def main() -> None:
    """Grade the shipped answers by a model, or by an OpenAI-compatible server."""
    parser = argparse.ArgumentParser(description=__doc__)
    models = sorted(file.stem for file in (CONF / "model").glob("*.yaml"))
    parser.add_argument("--model", default="smollm2", choices=models, help="a choice of conf/model")
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="graded answers: kind, question, references, answer, right")
    parser.add_argument("--most", type=int, help="grade so many answers, of every kind")
    parser.add_argument("overrides", nargs="*", help="settings, such as judge.id=gpt-5-mini grader.judge.votes=3")
    options = parser.parse_args()
    rows = read(options.pairs, options.most)
    try:
        matched, judged, unread = grade(rows, [f"model@judge={options.model}", *options.overrides])
    except Fault as fault:
        parser.error(str(fault))
    print(f"{len(rows)} answers to {len({row['question'] for row in rows})} questions; {unread} without a readable verdict")
    show(rows, matched, judged)


if __name__ == "__main__":
    main()
