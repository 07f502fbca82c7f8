"""Replies are generated one at a time, and only while somebody waits for them."""

import threading
from pathlib import Path

import openai
import pytest
from openai import OpenAI

from runner.model.huggingface import HuggingFace
from runner.serve import Limits
from runner.serve.models import Served
from tests.conftest import Serving

ASKED = [{"role": "user", "content": "Who won?"}]


def test_requests_at_the_same_time_queue_and_all_are_answered(client: OpenAI) -> None:
    replies: list[str | None] = []

    def ask() -> None:
        completion = client.chat.completions.create(model="small", messages=ASKED, temperature=0, max_tokens=8)
        replies.append(completion.choices[0].message.content)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 4
    assert len(set(replies)) == 1


def test_more_requests_than_may_wait_are_told_to_come_again(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, Limits(waiting=1)) as client:
        stream = client.chat.completions.create(model="small", messages=ASKED, max_tokens=2000, stream=True)
        next(iter(stream))
        with pytest.raises(openai.RateLimitError, match="1 replies are waited for"):
            client.chat.completions.create(model="small", messages=ASKED, max_tokens=1)
        stream.close()


@pytest.mark.parametrize("streamed", [True, False])
def test_a_reply_that_is_left_makes_room_for_the_next_one(
    serving: Serving, small_model: HuggingFace, tmp_path: Path, streamed: bool
) -> None:
    endless = {"model": "endless", "messages": ASKED, "temperature": 0, "max_tokens": 8_000}  # it was taught no end of turn
    with serving(tmp_path, Limits(waiting=1, tokens=8_000), others=[Served("endless", small_model)]) as client:
        if streamed:
            with client.chat.completions.create(**endless, stream=True) as stream:
                next(iter(stream))
        else:
            with pytest.raises(openai.APITimeoutError):
                client.with_options(timeout=1, max_retries=0).chat.completions.create(**endless)
        completion = client.with_options(max_retries=4).chat.completions.create(model="small", messages=ASKED, max_tokens=1)
        assert completion.usage.completion_tokens <= 1
