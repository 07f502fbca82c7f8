"""Files, through OpenAI's client."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest
from openai import OpenAI

from tests.conftest import Serving

LINES = b'{"messages": []}\n'


def test_a_file_is_kept_told_handed_out_and_removed(client: OpenAI) -> None:
    file = client.files.create(file=("../../taught.jsonl", LINES), purpose="fine-tune")
    assert (file.bytes, file.purpose, file.status) == (len(LINES), "fine-tune", "processed")
    assert client.files.retrieve(file.id) == file
    assert file.id in [listed.id for listed in client.files.list()]
    assert client.files.content(file.id).read() == LINES
    assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError, match="no file"):
        client.files.retrieve(file.id)


def test_another_purpose_is_refused(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="purpose: found 'vision'"):
        client.files.create(file=("taught.jsonl", LINES), purpose="vision")


def test_a_server_that_starts_again_knows_its_files(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        kept = client.files.create(file=("taught.jsonl", LINES), purpose="fine-tune")
    with serving(tmp_path) as client:
        assert client.files.content(kept.id).read() == LINES


def test_a_file_that_is_deleted_while_it_is_downloaded_comes_whole(serving: Serving, tmp_path: Path) -> None:
    content = bytes(30_000_000)  # more than the buffers of a connection hold
    with serving(tmp_path) as client:
        kept = client.files.create(file=("large.jsonl", content), purpose="batch")
        with client.files.with_streaming_response.content(kept.id) as answer:
            assert client.files.delete(kept.id).deleted
            assert answer.read() == content


def test_a_file_whose_content_is_gone_is_not_found(client: OpenAI, served_folder: Path) -> None:
    kept = client.files.create(file=("taught.jsonl", LINES), purpose="fine-tune")
    (served_folder / "files" / kept.id / "content").unlink()
    with pytest.raises(openai.NotFoundError, match="no file"):
        client.files.content(kept.id)


def test_downloads_and_lists_that_race_with_deletes_never_fail(serving: Serving, tmp_path: Path) -> None:
    def asked(answer: Callable[[], object]) -> int:
        try:
            answer()
        except openai.APIStatusError as refused:
            return refused.status_code
        return 200

    with serving(tmp_path) as client, ThreadPoolExecutor(4) as pool:
        for _ in range(8):
            name = client.files.create(file=("taught.jsonl", LINES), purpose="fine-tune").id
            asks = (client.files.content, client.files.delete, client.files.retrieve, client.files.delete)
            answers = [*pool.map(lambda ask, name=name: asked(lambda: ask(name)), asks), asked(client.files.list)]
            assert set(answers) <= {200, 404}
            assert answers.count(200) >= 2
