"""A sentence says whether tuning helped or spoiled the use of passages, by the verdict against RAG with the same passages."""

from dataclasses import replace

import pytest

from runner.comparison import Arm
from runner.comparison.advice import advice
from runner.comparison.passage_use import passage_use
from tests.comparison.given import asked, baseline, empty, pair, tuned

READ = "1 passage of 1 sentence, 25 words in all on average"
BASE = baseline("base", 0.1)
RAG = replace(baseline("rag", 0.6), passages=READ, parameters={"retriever": "hybrid"})
BARE = replace(tuned("fact", "5x", 0.5), parameters={"method": "fact"})
READER = replace(BARE, name="fact 5x retrieval=hybrid", passages=READ, parameters={"method": "fact", "retrieval": "hybrid"})
NAMES = {"base": BASE, "rag": RAG, BARE.name: BARE, READER.name: READER}


def made(gain: float, *more: Arm, **other: str):
    """The arms with this difference of the reader and RAG."""
    arms = [BASE, replace(RAG, parameters={**RAG.parameters, **other}), BARE, READER, *more]
    pairs = [pair("base", READER.name, 0.4), pair("base", BARE.name, 0.4)]
    pairs += [pair("rag", arm.name, gain) for arm in arms[3:]] + [pair("rag", BARE.name, -0.1)]
    return replace(empty(), arms=arms, pairs=pairs, questions=100, facts=50, items=asked(50, 2))


@pytest.mark.parametrize(
    ("gain", "sentence"),
    [
        (0.2, "Tuning helped the use of passages: with the same passages, fact 5x retrieval=hybrid beats rag."),
        (-0.2, "Tuning spoiled the use of passages: with the same passages, fact 5x retrieval=hybrid does not reach rag."),
        (0.02, "It is not decided whether tuning helped or spoiled the use of passages: fact 5x retrieval=hybrid against rag."),
    ],
)
def test_the_verdict_against_rag_decides_what_is_said(gain, sentence):
    (said,) = passage_use(made(gain))
    assert said.sentence == sentence
    assert said.because[0].startswith("rag: 60.0%")
    assert said.because[1].startswith("fact 5x retrieval=hybrid minus rag:")
    assert said.because[2].startswith("without passages, fact 5x: 50.0%")


def test_several_arms_with_one_verdict_share_a_sentence():
    other = replace(READER, name="token 5x retrieval=hybrid")
    (said,) = passage_use(made(0.2, other))
    assert said.sentence.endswith("fact 5x retrieval=hybrid and token 5x retrieval=hybrid beat rag.")


def test_where_rag_read_other_passages_nothing_is_said_of_their_use_but_how_to_compare_them():
    (said,) = passage_use(made(0.2, retriever="lexical"))
    assert said.sentence.endswith("is not known for fact 5x retrieval=hybrid: RAG read other passages.")


def test_without_a_tuned_arm_that_reads_nothing_is_said():
    comparison = made(0.2)
    assert [*passage_use(replace(comparison, arms=comparison.arms[:3]))] == []


def test_the_recommendation_holds_the_sentence():
    assert any(each.sentence.startswith("Tuning helped the use of passages") for each in advice(made(0.2)))


def test_trainings_that_did_not_take_leave_the_sentence_in_the_recommendation():
    comparison = made(-0.2)
    unlearned = [replace(arm, coverage=None, losses=(3.0, 2.9)) if arm.tuned else arm for arm in comparison.arms]
    pairs = [pair("base", arm.name, 0.0) for arm in unlearned if arm.tuned] + [
        each for each in comparison.pairs if each.first == "rag"
    ]
    said = [each.sentence for each in advice(replace(comparison, arms=unlearned, pairs=pairs))]
    assert said[0].startswith("The training of fact 5x and fact 5x retrieval=hybrid did not take")
    assert said[-1].startswith("Tuning spoiled the use of passages")
