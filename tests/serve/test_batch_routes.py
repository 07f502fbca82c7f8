"""What a request for a batch may say."""

import openai
import pytest
from openai import OpenAI

WISH = {"input_file_id": "file-none", "endpoint": "/v1/chat/completions", "completion_window": "24h"}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"endpoint": "/v1/embeddings"}, "endpoint"),
        ({"completion_window": "1h"}, "completion_window"),
        ({"output_expires_after": {"anchor": "created_at", "seconds": 3600}}, "output_expires_after"),
        ({}, "no file 'file-none'"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(client: OpenAI, wish: dict[str, object], field: str) -> None:
    with pytest.raises(openai.APIStatusError, match=field):
        client.batches.create(**{**WISH, **wish})


def test_a_file_to_tune_on_is_none_of_requests(client: OpenAI) -> None:
    file = client.files.create(file=("taught.jsonl", b"{}\n"), purpose="fine-tune")
    with pytest.raises(openai.BadRequestError, match="was not uploaded with the purpose batch"):
        client.batches.create(**{**WISH, "input_file_id": file.id})


def test_a_batch_that_there_is_not_is_not_found(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no batch"):
        client.batches.retrieve("batch_none")
