"""The queue: filters, order, progress, blind items and samples."""

from dataclasses import replace
from pathlib import Path

from runner.review_page.plan import ReviewPlan
from runner.review_page.review_queue import ItemFilter
from tests.review_page.given import candidate, judged, session

ALL = ItemFilter()


def test_the_next_item_is_the_one_behind_and_after_the_last_comes_the_first(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    items = [each.item.id for each in reviewed.queue.candidates]
    following = [reviewed.queue.following(ALL, "Ada", item) for item in items]
    assert [each and each.item.id for each in following] == [*items[1:], items[0]]
    before = reviewed.queue.following(ALL, "Ada", items[1], back=True)
    assert before and before.item.id == items[0]


def test_the_neighbour_of_an_item_outside_the_filter_is_by_its_place(tmp_path: Path) -> None:
    reviewed = session(tmp_path, *(candidate(number, method="token" if number % 2 else "fact") for number in range(5)))
    first, second, third, fourth, _ = reviewed.queue.candidates
    judged(reviewed, "Ada", "accept", "accept")
    ours, others = ItemFilter(method=second.item.method), ItemFilter(method=first.item.method)
    assert reviewed.queue.following(ours, "Ada", third.item.id) == fourth
    assert reviewed.queue.following(others, "Ada", fourth.item.id, back=True) == third
    assert (reviewed.queue.progress(ours, "Ada"), reviewed.queue.progress(others, "Ada")) == ((1, 3), (1, 2))


def test_a_common_queue_leaves_what_nobody_has_judged(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    judged(reviewed, "Ada", "accept")
    assert len(list(reviewed.queue.listed(ALL, "Bob"))) == 2
    assert reviewed.queue.progress(ALL, "Bob") == (1, 3)


def test_an_item_of_the_overlap_is_open_and_blind_until_one_has_judged_it(tmp_path: Path) -> None:
    reviewed = session(tmp_path, plan=ReviewPlan(overlap=1.0))
    judged(reviewed, "Ada", "accept")
    judged(reviewed, "Bob", "reject")
    item = reviewed.queue.candidates[0].item.id
    assert (reviewed.queue.is_open(item, "Cleo"), reviewed.queue.is_blind(item, "Cleo")) == (True, True)
    assert not list(reviewed.queue.listed(ItemFilter(state="disputed"), "Cleo"))
    assert len(list(reviewed.queue.listed(ItemFilter(state="disputed"), "Bob"))) == 1


def test_filters_leave_their_own_items(tmp_path: Path) -> None:
    reviewed = session(tmp_path, candidate(1), candidate(2, method="token", answer="99 bytes"), candidate(3, kind="question"))

    def count(**chosen: str) -> int:
        return len(list(reviewed.queue.listed(ItemFilter(**chosen), "Ada")))

    assert [count(method="token"), count(kind="question"), count(doubt="not supported"), count(category="none")] == [1, 1, 1, 0]


def test_a_sample_is_judged_in_full_also_where_an_item_was_judged_before(tmp_path: Path) -> None:
    judged(session(tmp_path), "Ada", "accept")
    sample = frozenset(each.item.id for each in session(tmp_path).gathered.candidates)
    reviewed = session(tmp_path, plan=ReviewPlan(sample=sample))
    assert reviewed.queue.progress(ALL, "Ada") == (0, 3)
    judged(reviewed, "Ada", "accept", "accept", "accept")
    assert reviewed.queue.progress(ALL, "Ada") == (3, 3)


def test_the_lines_of_a_file_are_one_origin(tmp_path: Path) -> None:
    lines = [replace(candidate(number), origin=f"labels.jsonl:{number}, gpt-4.1") for number in range(3)]
    reviewed = session(tmp_path, *lines, replace(candidate(3), origin="labels.jsonl:1, labels.jsonl:2"))
    assert reviewed.values["origin"] == [("labels.jsonl", 1), ("labels.jsonl, gpt-4.1", 3)]
    assert len(list(reviewed.queue.listed(ItemFilter(origin="labels.jsonl, gpt-4.1"), "Ada"))) == 3


def test_progress_follows_undo_changed_minds_and_a_file_that_is_replaced(tmp_path: Path) -> None:
    reviewed = session(tmp_path, plan=ReviewPlan(overlap=1.0))
    judged(reviewed, "Ada", "accept", "reject")
    judged(reviewed, "Bob", "accept")
    assert (reviewed.queue.progress(ALL, "Ada"), reviewed.queue.progress(ALL, "Bob")) == ((2, 3), (1, 3))
    judged(reviewed, "Ada", "reject")
    reviewed.undo("Ada")
    assert reviewed.queue.progress(ALL, "Ada") == (2, 3)
    reviewed.undo("Ada")
    assert (reviewed.queue.progress(ALL, "Ada"), reviewed.queue.progress(ALL, "Bob")) == ((1, 3), (1, 3))
    kept = reviewed.file.read_bytes().splitlines(keepends=True)[2]
    reviewed.file.unlink()
    reviewed.file.write_bytes(kept)
    reviewed.state.refresh()
    assert (reviewed.queue.progress(ALL, "Ada"), reviewed.queue.progress(ALL, "Bob")) == ((0, 3), (1, 3))
