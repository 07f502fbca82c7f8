"""Guesses resemble earlier replies: as long, with as many pairs, as often faulty, and never with the same question."""

import json

import pytest

from runner.data.records import Reply
from runner.data.templates import fill
from runner.data.text import count
from runner.method.forms import FactPair, Pair
from runner.method.guessing import FactGuesses, PairGuesses
from runner.method.reading import read

PAIRS, FACTS, FILTER = "About {fact}:\n{earlier}\nGo.", "Facts of {text}", "Of these\n{facts}\nwhich?"
SHORT = json.dumps([{"question": "Who won the championship?", "answer": "Ada."}] * 2)
LONG = json.dumps([{"question": "Which of the contestants won the championship of 2031?", "answer": "Ada of Oslo."}] * 3)


def asked(fact: str, *written: str) -> str:
    """A request for pairs on a fact, behind questions that were written before."""
    return fill(PAIRS, fact=fact, earlier="\n".join(f"- {question}" for question in written))


def pairs(reply: str) -> tuple[Pair, ...]:
    """The pairs of a reply."""
    return read(Reply(text=reply), Pair).entries


def taught() -> PairGuesses:
    """A teacher that says little on one fact and more on another."""
    guesses = PairGuesses(PAIRS, 5)
    guesses.learn(asked("the cup"), SHORT)
    guesses.learn(asked("the league"), LONG)
    return guesses


def test_without_any_reply_as_many_pairs_as_are_asked_for_are_guessed_each_new() -> None:
    guessed = [pair.question for fact in ("cup", "league") for pair in pairs(PairGuesses(PAIRS, 5).guess(asked(fact)))]
    assert len(set(guessed)) == 10


@pytest.mark.parametrize(("fact", "said"), [("the cup", SHORT), ("the league", LONG)])
def test_a_reply_to_the_same_fact_is_guessed_again_with_other_questions_of_the_same_length(fact: str, said: str) -> None:
    guess = taught().guess(asked(fact, "Who?"))
    assert len(guess) == len(said)
    assert [count(pair.question) for pair in pairs(guess)] == [count(pair.question) for pair in pairs(said)]
    assert not {pair.question for pair in pairs(guess)} & {pair.question for pair in pairs(said)}


def test_questions_grow_by_a_word_each_time_that_a_fact_is_asked_for_again() -> None:
    before = [f"Question {number}?" for number in range(10)]
    for guesses in (PairGuesses(PAIRS, 5), taught()):
        first, third = (pairs(guesses.guess(asked("the cup", *written))) for written in ((), before))
        assert [count(pair.question) for pair in third] == [count(pair.question) + 2 for pair in first]


def test_questions_grow_as_they_did_where_a_fact_was_asked_for_again() -> None:
    guesses = taught()
    guesses.learn(asked("the cup", *"12345"), SHORT)
    guesses.learn(asked("the league", *"12345"), LONG)
    assert count(pairs(guesses.guess(asked("the cup", *"abcdefghijklmno")))[0].question) == count(pairs(SHORT)[0].question)


def test_replies_to_other_facts_are_guessed_in_turns_where_there_is_none_to_the_same() -> None:
    guesses = taught()
    assert sorted(len(pairs(guesses.guess(asked(f"number {place}")))) for place in range(4)) == [2, 2, 3, 3]


def test_of_several_replies_the_one_with_as_many_questions_before_it_is_guessed() -> None:
    guesses = taught()
    guesses.learn(asked("the cup", "Who?", "Where?"), LONG)
    assert [len(pairs(guesses.guess(asked("the cup", *before)))) for before in ((), ("Who?", "Where?", "When?"))] == [2, 3]


@pytest.mark.parametrize("said", ["I would rather not.", SHORT[:-20]], ids=["no pairs", "cut off"])
def test_a_fault_is_guessed_again_too(said: str) -> None:
    guesses = PairGuesses(PAIRS, 5)
    guesses.learn(asked("the cup"), said)
    assert read(Reply(text=guesses.guess(asked("the cup", "Who?"))), Pair).fault == read(Reply(text=said), Pair).fault != ""


def test_facts_and_those_that_serve_are_guessed_by_the_shares_seen_before() -> None:
    guesses = FactGuesses(FACTS, FILTER, PairGuesses(PAIRS, 5))
    guesses.learn(fill(FACTS, text="One two three. Four."), '["a", "b", "c"]')
    guesses.learn(fill(FILTER, facts="1. a\n2. b\n3. c"), "[2]")
    facts = [json.loads(guesses.guess(fill(FACTS, text="Ada won. Bob lost."))) for _ in range(2)]
    serving = [json.loads(guesses.guess(fill(FILTER, facts="1. a\n2. b\n3. c\n4. d"))) for _ in range(3)]
    assert [len(set(found)) for found in facts] == [3, 3]
    assert sum(map(len, serving)) == 4


@pytest.mark.parametrize(
    "text",
    [
        "| 7:0 | rw | 0x0 | DATA |\n" * 80,
        "The data of the port can be written and read at once, by the processor and by the DMA, as it is. " * 60,
    ],
)
def test_a_table_without_a_sentence_states_as_many_facts_as_prose_of_its_length(text: str) -> None:
    facts = json.loads(FactGuesses(FACTS, FILTER, PairGuesses(PAIRS, 5)).guess(fill(FACTS, text=text)))
    assert len(set(facts)) / len(text.split()) == pytest.approx(1 / 22, rel=0.1)


def test_a_request_on_several_facts_gets_pairs_for_each_of_them() -> None:
    template = "On {facts}\nBut not {earlier}"
    guesses = PairGuesses(template, 2)
    asked = [fill(template, facts="\n".join(f"{n}. F" for n in range(1, many + 1)), earlier="") for many in (3, 2)]
    fresh = read(Reply(text=guesses.guess(asked[0])), FactPair).entries
    assert [pair.fact for pair in fresh] == [1, 1, 2, 2, 3, 3]
    said = json.dumps([{"fact": n, "question": f"Who is {n}?", "answer": "Ada."} for n in (1, 1, 2, 3)])
    guesses.learn(asked[0], said)
    learned = read(Reply(text=guesses.guess(asked[1])), FactPair).entries
    assert [pair.fact for pair in learned] == [1, 1, 2]
    assert len({pair.question for pair in learned}) == 3
