"""The loaded network: one way of writing a prompt, replies at their places."""

from runner.model.huggingface import HuggingFace
from runner.records import Message, Prompt, chat


def test_the_prompt_at_training_and_at_the_exam_has_the_same_tokens(small_model: HuggingFace) -> None:
    network = small_model.load()
    asked = chat("Who won the cup?", "Answer briefly.", 8)
    trained, reply = network.encode(asked, "Ada.")
    examined, nothing = network.encode(asked)
    assert trained == examined
    assert nothing == []
    assert network.tokenizer.decode(reply) == "Ada.<|im_end|>"


def test_the_prompt_is_written_in_the_models_own_chat_template(small_model: HuggingFace) -> None:
    network = small_model.load()
    ids, _ = network.encode(chat("Who won?", "Answer briefly.", 8))
    expected = "<|im_start|>system\nAnswer briefly.<|im_end|>\n<|im_start|>user\nWho won?<|im_end|>\n<|im_start|>assistant\n"
    assert network.tokenizer.decode(ids) == expected


def test_replies_stand_at_their_prompts_places_whatever_the_batches(small_model: HuggingFace) -> None:
    network = small_model.load()
    prompts = [chat("word " * length, "", 4) for length in (9, 1, 5)]
    alone = [dict(network.reply([prompt], 1, "alone"))[0].text for prompt in prompts]
    together = dict(network.reply(prompts, 2, "together"))
    assert [together[place].text for place in range(3)] == alone


def test_a_reply_is_no_longer_than_its_prompt_allows(small_model: HuggingFace) -> None:
    network = small_model.load()
    replies = dict(network.reply([chat("Go on.", "", 3), chat("Go on and on.", "", 7)], 2, "answering"))
    assert replies[0].reply_tokens <= 3
    assert replies[1].reply_tokens <= 7
    assert replies[0].prompt_tokens > 0


def test_earlier_turns_stay_in_the_prompt(small_model: HuggingFace) -> None:
    turns = tuple(Message(role=role, content=text) for role, text in (("user", "One"), ("assistant", "Two"), ("user", "Three")))
    network = small_model.load()
    text = network.tokenizer.decode(network.encode(Prompt(messages=turns, tokens=1))[0])
    assert text.index("One") < text.index("Two") < text.index("Three")
