"""Files, through OpenAI's client."""

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
