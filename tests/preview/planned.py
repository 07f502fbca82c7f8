"""Studies whose exams have facts, and arms that are tracked as if they had taken them."""

import json
from collections.abc import Mapping
from pathlib import Path

from runner.config.study import Study
from runner.pipeline.tracking import tracked_run
from tests.comparison.given import sheet
from tests.given import study


def planned(folder: Path, facts: int, questions: int, *overrides: str) -> Study:
    """A study of people's labels whose exam has so many facts of so many questions; 0 questions name no fact."""
    if not folder.exists():
        (folder / "documents").mkdir(parents=True)
        (folder / "documents" / "cup.md").write_text("# Cup\n\nAda won.\n")
        (folder / "labels.jsonl").write_text('{"question": "Tell me who won?", "answer": "Ada"}\n')
        named = [{"fact": f"fact {fact}"} if questions else {} for fact in range(facts) for _ in range(questions or 1)]
        lines = [{"question": f"Who won {place}?", "answer": "Ada", **name} for place, name in enumerate(named)]
        (folder / "exam.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return study("corpus=folder", f"corpus.path={folder}", "method=human", f"store={folder}/store", *overrides)


def take(done: Study, grades: Mapping[str, list[str]]) -> None:
    """Track these grades of arms, by name: a + or - for each question, a text for each training."""
    asked = done.material.questions
    for name, trainings in grades.items():
        with tracked_run(done, name, None) as run:
            rows = [(row, asked[int(row["id"][1:])]) for row in sheet(*trainings)]
            run.table("answers", [{**row, "id": question.id, "fact": question.fact} for row, question in rows])
