"""Items and reviews out to a file, and back in.

The file is a table, or holds Label Studio's tasks.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from runner.data.atomic_write import publish
from runner.data.reviews import Item, Review, Verdict
from runner.data.text_file import read_text
from runner.errors import InvalidInput
from runner.review_page.label_studio import rows_of_tasks, tasks_of_rows
from runner.review_page.session import VERDICTS, ReviewSession

NEEDED = ("id", "verdict", "who")
MOST_FAULTS = 10  # that are listed
# A spreadsheet would run a cell that begins so as a formula.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The reviews of a file: those that were added, and those that were there."""

    added: int
    known: int


def write_items(session: ReviewSession, file: Path) -> int:
    """Write items and reviews to a .csv or .json file; count the rows.

    Each review that counts is a row, and so is an item without one. A .json file holds Label Studio's tasks.
    """
    rows = list(_rows(session))
    if file.suffix == ".json":
        text = json.dumps(tasks_of_rows(rows), ensure_ascii=False, indent=1)
    elif file.suffix == ".csv":
        text = _table(rows)
    else:
        raise InvalidInput(f"--export {file}: expected a name that ends in .csv, or in .json for Label Studio")
    try:
        publish(file, text)
    except OSError as error:
        raise InvalidInput(f"--export {file}: it can't be written ({error.strerror}). Name a folder that exists") from error
    return len(rows)


def _rows(session: ReviewSession) -> Iterator[dict[str, str]]:
    for candidate in session.queue.candidates:
        item = candidate.item
        section = session.gathered.sections.get(item.section)
        shown = {
            "id": item.id,
            "kind": item.kind,
            "question": item.question,
            "answer": item.answer,
            "reference": item.reference,
            "aliases": "\n".join(item.aliases),
            "section": item.section,
            "category": item.category,
            "method": item.method,
            "origin": candidate.origin,
            "doubts": "; ".join(doubt.kind for doubt in candidate.doubts),
            "passage": section.text if section else "",
        }
        reviews: list[Review | None] = list(session.state.counting(item.id).values())
        digest = session.state.current.get(item.section, "")
        yield from (shown | _cells(review, digest) for review in reviews or [None])


def _cells(review: Review | None, digest: str) -> dict[str, str]:
    """Return the cells of a review; `digest` is that of the section."""
    after = review.after if review else None
    return {
        "verdict": review.verdict if review else "",
        "question_after": after.question if after else "",
        "answer_after": after.answer if after else "",
        "aliases_after": "\n".join(after.aliases) if after else "",
        "note": review.note if review else "",
        "who": review.who if review else "",
        "when": review.when if review else "",
        # Also of a row that is still to be filled in: what is written there is about this text of the section.
        "source": review.source if review else digest,
        "drawn": "yes" if review and review.drawn else "",
        "decides": "yes" if review and review.decides else "",
    }


def _table(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in rows)
    # The mark tells a spreadsheet that it is UTF-8.
    return "\ufeff" + text.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """Return the text of a cell that `harmless` made."""
    return cell[1:] if _QUOTED.match(cell) else cell


def read_reviews_of(session: ReviewSession, file: Path) -> Imported:
    """Add the reviews of a file, all or none.

    A review that is there already is not added again. Raise a Fault that lists up to ten faulty rows.
    """
    reviews, faults = [], []
    for where, row in _read(file):
        try:
            if str(row.get("verdict") or "").strip():
                reviews.append(_review(session, row))
        except InvalidInput as fault:
            faults.append(f"{where}: {fault}")
    if faults:
        more = [f"and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
        raise InvalidInput("\n".join(["no review was taken over:", *faults[:MOST_FAULTS], *more]))
    there = {_key(review) for known in session.state.by_item.values() for review in known}
    new = [review for review in dict.fromkeys(reviews) if _key(review) not in there]
    for review in new:
        session.state.add(review)
    return Imported(added=len(new), known=len(reviews) - len(new))


def _key(review: Review) -> tuple[object, ...]:
    # With `source`, since the same verdict on a section that has changed is a new one.
    return review.before.id, review.who, review.verdict, review.when, review.after and review.after.id, review.source


def _read(file: Path) -> Iterator[tuple[str, Row]]:
    """Yield the rows of a file with their places."""
    if file.suffix not in (".csv", ".json"):
        raise InvalidInput(f"--import {file}: expected a .csv that runner-review wrote, or Label Studio's .json")
    text = read_text(file)
    if file.suffix == ".json":
        yield from rows_of_tasks(file, text)
        return
    # In some countries spreadsheets write semicolons.
    heading = text.partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    if missing := [name for name in NEEDED if name not in (reader.fieldnames or ())]:
        raise InvalidInput(f"{file}: no column {', '.join(missing)}. Expected the columns that --export writes")
    try:
        for row in reader:
            if None in row or None in row.values():
                raise InvalidInput(
                    f"{file}:{reader.line_num}: this row has not as many cells as the heading. Save it as CSV again"
                )
            yield f"{file}:{reader.line_num}", {name: as_written(cell) for name, cell in row.items()}
    except csv.Error as error:
        raise InvalidInput(f"{file}:{reader.line_num}: no CSV ({error}). Save it as CSV again") from error


def _review(session: ReviewSession, row: Row) -> Review:
    """Make a review of a row; the item's own words are those of this corpus."""
    verdict, who = str(row["verdict"]).strip().lower(), str(row.get("who") or "")
    candidate = session.candidates.get(str(row["id"]).strip())
    if candidate is None:
        raise InvalidInput(f"no item here has the id {row['id']!r}. Name the corpus and options that the file was written with")
    item = candidate.item
    if verdict not in VERDICTS[item.kind]:
        raise InvalidInput(f"the verdict {verdict!r} on a {item.kind}. Expected one of {', '.join(VERDICTS[item.kind])}")
    if not who.strip():
        raise InvalidInput("nobody is named in the column who")
    made: Verdict = next(word for word in get_args(Verdict) if word == verdict)
    after = _after(item, row) if verdict == "edit" else None
    review = Review(
        verdict=made,
        before=item,
        after=after,
        who=who,
        when=str(row.get("when") or ""),
        source=str(row.get("source") or ""),
        note=str(row.get("note") or ""),
        decides=_is_yes(row.get("decides")),
        drawn=_is_yes(row.get("drawn")),
    )
    return review if review.when else replace(review, when=_when(session, review))


def _when(session: ReviewSession, review: Review) -> str:
    """Return the time of the same review before, or now."""
    # People who fill in a table seldom write the time. The same row is the same review, however often it is imported.
    known = session.state.by_item.get(review.before.id, ())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return next((each.when for each in known if _key(replace(each, when="")) == _key(review)), now)


def _is_yes(cell: str | None) -> bool:
    return str(cell or "").strip().lower() in ("yes", "true", "1")


def _after(item: Item, row: Row) -> Item:
    question, answer = str(row.get("question_after") or ""), str(row.get("answer_after") or "")
    if not answer.strip() or (item.question and not question.strip()):
        raise InvalidInput("an edit without question_after and answer_after. Fill both in; a text has no question")
    aliases = tuple(line.strip() for line in str(row.get("aliases_after") or "").splitlines() if line.strip())
    return replace(item, question=question, answer=answer, aliases=aliases if item.kind == "question" else item.aliases)
