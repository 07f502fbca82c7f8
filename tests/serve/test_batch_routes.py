"""The fields of a batch request."""

import openai
import pytest
from openai import OpenAI

REQUEST = {"input_file_id": "file-none", "endpoint": "/v1/chat/completions", "completion_window": "24h"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"endpoint": "/v1/embeddings"}, "endpoint"),
        ({"completion_window": "1h"}, "completion_window"),
        ({"output_expires_after": {"anchor": "created_at", "seconds": 3600}}, "output_expires_after"),
        ({}, "no file 'file-none'"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(client: OpenAI, fields: dict[str, object], field: str) -> None:
    with pytest.raises(openai.APIStatusError, match=field):
        client.batches.create(**{**REQUEST, **fields})


def test_a_file_to_tune_on_is_none_of_requests(client: OpenAI) -> None:
    file = client.files.create(file=("taught.jsonl", b"{}\n"), purpose="fine-tune")
    with pytest.raises(openai.BadRequestError, match="was not uploaded with the purpose batch"):
        client.batches.create(**{**REQUEST, "input_file_id": file.id})


def test_a_batch_that_there_is_not_is_not_found(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no batch"):
        client.batches.retrieve("batch_none")
