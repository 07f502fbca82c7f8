"""Tokens are counted as they are trained and answered, without the weights."""

from runner.data.records import chat
from runner.local_models.context import reader
from runner.model.huggingface import HuggingFace


def test_a_chat_has_the_tokens_that_it_is_trained_with(brief_model: HuggingFace) -> None:
    network, counted = brief_model.load(), reader(brief_model.source)
    assert counted.context == network.context == 128
    for asked, answer in (("Who won?", "Ada"), ("Who?", "Ada <|im_end|> of Oslo " * 9)):
        prompt = chat(asked, "Answer briefly.", 7)
        assert counted.tokens(prompt, answer) == sum(map(len, network.encode(prompt, answer)))
        assert counted.tokens(prompt, None) == len(network.encode(prompt)[0]) + 7


def test_chats_of_exactly_the_context_fit(brief_model: HuggingFace) -> None:
    counted, prompt = reader(brief_model.source), chat("Who won?", "", 0)
    room = 128 - counted.tokens(prompt, None)
    chats = [(chat("Who won?", "", room + more), None) for more in (0, 1)]
    assert counted.too_long(chats) == {1: 129}
