"""Rows of reviews in, Label Studio's tasks out, and back.

The form is that of labelstud.io/guide/task_format. A project needs the labelling interface of `INTERFACE`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from runner.errors import InvalidInput

# The names of its parts are those that annotations name.
INTERFACE = """\
<View>
  <Text name="question" value="$question"/>
  <Text name="answer" value="$answer"/>
  <Text name="passage" value="$passage"/>
  <Choices name="verdict" toName="answer" choice="single" required="true">
    <Choice value="accept"/><Choice value="edit"/><Choice value="reject"/><Choice value="right"/><Choice value="wrong"/>
  </Choices>
  <TextArea name="question_after" toName="answer" value="$question"/>
  <TextArea name="answer_after" toName="answer" value="$answer"/>
  <TextArea name="aliases_after" toName="answer"/>
  <TextArea name="note" toName="answer"/>
  <TextArea name="who" toName="answer"/>
</View>
"""
# Of a review; the others are of the item.
GIVEN = ("verdict", "question_after", "answer_after", "aliases_after", "note", "who", "when", "source", "drawn", "decides")
TEXTS = ("question_after", "answer_after", "aliases_after", "note", "who", "when", "source", "drawn", "decides")
SOURCE = "source"  # the digest of the section; in a task's data too, for the annotations that are still to come
ITEM = "item"  # the id of an item in a task's data: a task's own id is a number of the project


def tasks_of_rows(rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return a task for each item, with reviews as annotations."""
    tasks: dict[str, dict[str, Any]] = {}
    for row in rows:
        data = {(ITEM if name == "id" else name): value for name, value in row.items() if name not in GIVEN or name == SOURCE}
        task = tasks.setdefault(row["id"], {"data": data, "annotations": []})
        if row["verdict"]:
            verdict = _result("verdict", "choices", {"choices": [row["verdict"]]})
            texts = [_result(name, "textarea", {"text": [row[name]]}) for name in TEXTS if row[name]]
            task["annotations"].append({"result": [verdict, *texts]})
    return list(tasks.values())


def _result(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": "answer", "type": kind, "value": value}


def rows_of_tasks(file: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a row for each annotation, with its place.

    Raise InvalidInput if the file holds no tasks.
    """
    try:
        tasks = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"{file}: no JSON ({error}). Export it from Label Studio as JSON") from error
    if not isinstance(tasks, list):
        raise InvalidInput(f"{file}: expected a list of tasks. Export it from Label Studio as JSON, not JSON-MIN")
    for number, task in enumerate(tasks, start=1):
        where = f"{file}, task {number}"
        data = task.get("data") if isinstance(task, dict) else None
        annotations = task.get("annotations", []) if isinstance(task, dict) else None
        if not isinstance(data, dict) or ITEM not in data or not isinstance(annotations, list):
            raise InvalidInput(f"{where}: no data.{ITEM}. Expected the tasks that --export wrote, annotated")
        for annotation in annotations:
            if isinstance(annotation, dict) and not annotation.get("was_cancelled"):
                yield where, {"id": str(data[ITEM]), SOURCE: str(data.get(SOURCE) or ""), **_given(annotation)}


def _given(annotation: Mapping[str, Any]) -> dict[str, str]:
    """Return what an annotation says; its author where it names nobody."""
    cells: dict[str, str] = {}
    for result in annotation.get("result") or ():
        name, value = result.get("from_name"), result.get("value") or {}
        values = value.get("choices") or value.get("text") or [""]
        if name in GIVEN:
            cells[name] = "\n".join(map(str, values)) if isinstance(values, list) else str(values)
    author = annotation.get("completed_by")
    named = author.get("email") or author.get("id") if isinstance(author, dict) else author
    cells.setdefault("who", f"{named}" if named else "")
    cells.setdefault("when", str(annotation.get("created_at") or ""))
    return cells
