"""The state follows its file: what other servers add, what git replaces, and each person's undo."""

from pathlib import Path

from tests.review_page.given import candidate, judged, session


def test_a_second_server_sees_the_reviews_of_the_first(tmp_path: Path) -> None:
    first, second = session(tmp_path), session(tmp_path)
    judged(first, "Ada", "accept")
    second.state.refresh()
    item = first.queue.candidates[0].item.id
    assert second.state.others(item, "Bob")[0].who == "Ada"
    standing = second.state.standing(item)
    assert standing and standing.verdict == "accept"


def test_a_file_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    judged(reviewed, "Ada", "accept", "reject")
    lines = reviewed.file.read_bytes().splitlines(keepends=True)
    reviewed.file.unlink()
    reviewed.file.write_bytes(lines[1])
    reviewed.state.refresh()
    assert list(reviewed.state.by_item) == [reviewed.queue.candidates[1].item.id]


def test_undo_takes_back_the_last_review_and_then_the_one_before(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    judged(reviewed, "Ada", "accept", "reject")
    undone = [reviewed.undo("Ada"), reviewed.undo("Ada"), reviewed.undo("Ada")]
    assert [review and review.verdict for review in undone] == ["reject", "accept", None]
    assert reviewed.state.own(candidate().item.id, "Ada") is None
    assert len(reviewed.file.read_bytes().splitlines()) == 4
