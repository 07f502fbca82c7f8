"""Graded answers in, rows with both graders' verdicts out."""

from collections.abc import Mapping, Sequence
from typing import Any

from runner.config.study import Study
from runner.data.verdicts import VERDICTS
from runner.pipeline.results import ExamResult

Row = Mapping[str, Any]
WORDS = {passed: word for word, passed in VERDICTS.items()}


def explained(study: Study, results: Sequence[ExamResult], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Add who graded each row, and the verdict of `match`.

    There is one row for each answer of `results`, in their order.
    """
    # Imported here, since it loads the rules of `match`, and most commands grade nothing.
    from runner.grader.agreement import matched

    grades = [grade for result in results for grade in result.grades]
    by_match = [verdict for result in results for verdict in matched(study.grader, result.questions, result.answers, study.judge)]
    return [
        {
            **row,
            "graded_by": grade.by or study.choices["grader"],
            "match_grade": WORDS[verdict],
            "judge_reply": grade.why,
        }
        for row, grade, verdict in zip(rows, grades, by_match, strict=True)
    ]


def disagreements(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """List answers that the judge and `match` grade differently.

    The rows are those of `explained`. An expert reads them to see which of the two is right.
    """
    names = {"question": "question", "reference": "reference", "answer": "answer", "match_grade": "match", "grade": "judge"}
    names |= {"judge_reply": "why", "category": "category", "training": "training", "id": "id"}
    return [
        {name: row[column] for column, name in names.items()}
        for row in rows
        if VERDICTS[row["grade"]] is not None and row["grade"] != row["match_grade"]
    ]
