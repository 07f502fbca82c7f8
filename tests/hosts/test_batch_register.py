"""Batches are created once and found again: none is paid for twice, whichever answer is lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runner.errors import Fault
from tests.batching import Host, asked_in_turn, first, hosted, notes
from tests.given import prompts
from tests.server import Response, refusal

pytestmark = pytest.mark.usefixtures("key")


@pytest.mark.parametrize(("limit", "sizes"), [({"batch_requests": 2}, [2, 2, 1]), ({"batch_bytes": 850}, [3, 2])])
def test_requests_are_split_by_the_hosts_limits(tmp_path: Path, limit: dict[str, int], sizes: list[int]) -> None:
    host = Host()
    with hosted(host, tmp_path, **limit) as (model, _):
        assert asked_in_turn(model, *"abcde") == [f"to {letter}" for letter in "abcde"]
    assert [len(batch) for batch in host.executed] == sizes
    assert all(len(file) <= limit.get("batch_bytes", 10**6) for name, file in host.files.items() if name.startswith("file"))


@pytest.mark.parametrize("wrong", [Response(b"{}" * 99, cut=0), refusal(500, "broke")])
def test_a_batch_whose_creation_was_not_answered_is_found_and_not_created_again(tmp_path: Path, wrong: Response) -> None:
    host = Host(after=first("/v1/batches", wrong, "POST"))
    with hosted(host, tmp_path) as (model, _):
        assert asked_in_turn(model, "a") == ["to a"]
    assert (len(host.batches), host.executed) == (1, [["a"]])


def test_a_batch_that_was_created_and_not_noted_is_found_by_the_next_command(tmp_path: Path) -> None:
    host = Host(after=first("/v1/batches", Response(b"{}" * 99, cut=0), "POST"))
    with hosted(host, tmp_path, retries=0) as (model, _):
        with pytest.raises(Fault, match="can't be reached"):
            list(model.ask(prompts("a")))
        assert asked_in_turn(model, "a") == ["to a"]
    assert (len(host.batches), host.executed) == (1, [["a"]])


def test_the_note_of_a_file_without_a_batch_is_forgotten(tmp_path: Path) -> None:
    host = Host(before=first("/v1/batches", refusal(500, "broke"), "POST"))
    with hosted(host, tmp_path, retries=0) as (model, _):
        with pytest.raises(Fault, match=r"status 500.*broke"):
            list(model.ask(prompts("a")))
        assert asked_in_turn(model, "a", "b") == ["to a", "to b"]
    assert (host.executed, notes(tmp_path)) == ([["a", "b"]], [])


def test_replies_of_a_batch_are_used_whatever_else_it_holds(tmp_path: Path) -> None:
    host = Host(before=first("/v1/batches/batch-0", refusal(401, "Incorrect key")))
    with hosted(host, tmp_path) as (model, _):
        with pytest.raises(Fault, match=r"401 .*Incorrect key"):
            list(model.ask(prompts("a", "b", "c")))
        assert asked_in_turn(model, "b", "d") == ["to b", "to d"]
        assert asked_in_turn(model, "c", "a") == ["to c", "to a"]
    assert (sorted(host.executed), notes(tmp_path)) == ([["a", "b", "c"], ["d"]], [])


def test_two_that_ask_for_the_same_at_once_create_one_batch(tmp_path: Path) -> None:
    host = Host(polls=20)
    with hosted(host, tmp_path) as (model, _), ThreadPoolExecutor(2) as pool:
        for texts in pool.map(lambda _: asked_in_turn(model, "a", "b"), range(2)):
            assert texts == ["to a", "to b"]
    assert host.executed == [["a", "b"]]


def test_a_batch_at_another_host_is_not_used(tmp_path: Path) -> None:
    with hosted(Host(polls=10**6), tmp_path) as (model, _):
        replies = model.ask(prompts("a"))
        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("runner.hosts.batch_api.time.sleep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
            next(replies)
    host = Host()
    with hosted(host, tmp_path) as (model, _):
        assert asked_in_turn(model, "a") == ["to a"]
    assert host.executed == [["a"]]


def test_azure_reads_a_file_first_and_has_its_own_endpoint(tmp_path: Path) -> None:
    host = Host(file_status=["pending", "pending", "processed"])
    with hosted(host, tmp_path, batch_endpoint="/chat/completions") as (model, server):
        assert asked_in_turn(model, "a") == ["to a"]
    assert host.batches["batch-0"]["endpoint"] == "/chat/completions"
    assert [asked.path for asked in server.asked[:4]] == ["/v1/files", "/v1/files/file-0", "/v1/files/file-0", "/v1/batches"]
