"""Plain transformers over a folder: the same replies as the runner's own loading and decoding."""

from pathlib import Path

from runner.data.records import chat
from runner.local_models.plain import plain_replies
from runner.model.huggingface import HuggingFace


def test_replies_are_those_of_the_runner_in_the_order_of_the_prompts_each_cut_at_its_own_length(talker: HuggingFace) -> None:
    questions = [("Who won the cup?", 8), ("Who lost the cup in the end, and why?", 3), ("Who?", 8)] * 12
    prompts = [chat(question, "Answer briefly.", tokens) for question, tokens in questions]
    own = dict(talker.ask(prompts))
    assert plain_replies(Path(talker.id), prompts, talker.source, "answering") == [
        own[place].text for place in range(len(prompts))
    ]
