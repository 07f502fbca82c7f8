"""Items of several logs are one item, or are refused."""

import pytest

from runner.errors import InvalidInput
from runner.logs import Score
from runner.logs.items import Items

FIRST = Score("a", "t", "1", 1.0, cluster="x", content="Who?")


def test_an_item_has_one_number_in_every_log() -> None:
    items = Items()
    other = FIRST._replace(item="2", cluster="")
    assert [items.place(score, "", "a") for score in (FIRST, other, FIRST._replace(system="b", value=None))] == [0, 1, 0]
    assert (items.names, items.clusters, items.tasks) == (["1", "2"], ["x", ""], ["t", "t"])


def test_one_name_in_two_tasks_is_two_items_where_tasks_count() -> None:
    items = Items()
    assert [items.place(FIRST, task, "a") for task in ("t", "u", "t")] == [0, 1, 0]
    assert items.names == ["t/1", "u/1"]


def test_an_item_with_another_content_is_refused_with_both_systems() -> None:
    items = Items()
    items.place(FIRST, "", "old")
    with pytest.raises(InvalidInput, match=r"item 1: new and old were asked different things"):
        items.place(FIRST._replace(content="When?"), "", "new")


def test_an_item_in_another_cluster_is_refused_with_both_clusters() -> None:
    items = Items()
    items.place(FIRST, "", "old")
    with pytest.raises(InvalidInput, match=r"item 1 is in the cluster 'y' for new, and in 'x' for old"):
        items.place(FIRST._replace(cluster="y"), "", "new")
