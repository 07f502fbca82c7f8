"""Items and reviews go out to CSV and Label Studio and come in again, whatever a spreadsheet does to them."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import Fault, InvalidInput
from runner.review_page.exchange import as_written, harmless, read_reviews_of, write_items
from runner.review_page.session import GivenVerdict, ReviewSession
from tests.review_page.given import FIFO, candidate, session

NAME = 'Łukasz, "Luk"\nof DV'


def reviewed(folder: Path) -> ReviewSession:
    made = session(folder, candidate(1), candidate(2, answer="=1+1"), candidate(3, kind="answer"), candidate(4))
    verdicts = {"label": "edit", "answer": "wrong"}
    for each in made.queue.candidates[:3]:
        given = GivenVerdict(verdict=verdicts[each.item.kind], question="-Q\n2", answer="@A;ü", note="'=x")  # type: ignore[arg-type]
        made.judge(each, NAME, given)
    return made


@pytest.mark.parametrize("name", ["items.csv", "items.json"])
def test_reviews_come_back_as_they_went_out_and_only_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = reviewed(tmp_path / "a")
    assert write_items(first, tmp_path / name) == 4
    other = session(tmp_path / "b", *(each for each in first.gathered.candidates))
    assert read_reviews_of(other, tmp_path / name).added == 3
    assert {*map(str, other.state.by_item.values())} == {*map(str, first.state.by_item.values())}
    assert read_reviews_of(other, tmp_path / name).added == 0


@pytest.mark.parametrize("name", ["items.csv", "items.json"])
def test_a_review_that_was_filled_in_no_longer_counts_when_its_section_has_changed(tmp_path: Path, name: str) -> None:
    made = session(tmp_path, candidate(1))
    write_items(made, tmp_path / name)
    _fill_in(tmp_path / name)
    changed = session(tmp_path, candidate(1), sections=[replace(FIFO, text="The FIFO is 32 bytes deep.")])
    for reviewed_there, counts in ((made, True), (changed, False)):
        read_reviews_of(reviewed_there, tmp_path / name)
        assert (reviewed_there.state.standing(candidate(1).item.id) is not None) is counts


def test_a_table_that_was_filled_in_without_times_is_taken_over_once(tmp_path: Path) -> None:
    made, file = session(tmp_path, candidate(1)), tmp_path / "items.csv"
    write_items(made, file)
    _fill_in(file)
    assert read_reviews_of(made, file).added == 1
    earlier = made.state.by_item[candidate(1).item.id][0]
    made.state.by_item[candidate(1).item.id][0] = replace(earlier, when="2026-01-01T00:00:00+00:00")  # another second
    again = read_reviews_of(made, file)
    assert (again.added, again.known) == (0, 1)


def _fill_in(file: Path) -> None:
    """Reject the one item of a file, as a spreadsheet or Label Studio does."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as read:
            (row,) = csv.DictReader(read)
        with file.open("w", encoding="utf-8", newline="") as written:
            table = csv.DictWriter(written, row)
            table.writeheader()
            table.writerow(row | {"verdict": "reject", "who": "Ada"})
    else:
        (task,) = json.loads(file.read_text(encoding="utf-8"))
        choice = {"from_name": "verdict", "to_name": "answer", "type": "choices", "value": {"choices": ["reject"]}}
        task["annotations"] = [{"completed_by": 3, "created_at": "2026-11-30T09:00:00Z", "result": [choice]}]
        file.write_text(json.dumps([task]), encoding="utf-8")


def test_a_spreadsheets_semicolons_are_read_and_its_other_letters_are_refused(tmp_path: Path) -> None:
    made = session(tmp_path)
    rows = f"id;verdict;who;question_after;answer_after\n{made.queue.candidates[0].item.id};reject;Zoë;;\n"
    (tmp_path / "a.csv").write_bytes(rows.encode("cp1252"))
    with pytest.raises(Fault, match="not UTF-8"):
        read_reviews_of(made, tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("\ufeff" + rows, encoding="utf-8")
    assert read_reviews_of(made, tmp_path / "b.csv").added == 1
    assert made.state.others(made.queue.candidates[0].item.id, "")[0].who == "Zoë"


def test_faulty_rows_are_named_and_nothing_is_taken_over(tmp_path: Path) -> None:
    made = session(tmp_path)
    item = made.queue.candidates[0].item.id
    (tmp_path / "a.csv").write_text(f"id,verdict,who\n{item},accept,Ada\nunknown,accept,Ada\n{item},right,Ada\n{item},reject,\n")
    with pytest.raises(InvalidInput) as refusal:
        read_reviews_of(made, tmp_path / "a.csv")
    assert [part in str(refusal.value) for part in ("a.csv:3: no item", "a.csv:4: the verdict", "a.csv:5: nobody")] == [True] * 3
    assert not made.file.exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "''-", "'quoted'", "plain", "\tx"])
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    assert harmless(text)[:1] not in "=+-@\t\r"
    assert as_written(harmless(text)) == text
