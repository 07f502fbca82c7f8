"""Mixed labels have the tokens of fact labels; a share of them are documents, and smaller sizes lie within larger ones."""

import json
import logging
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from runner.data.records import Material, Prompt
from runner.method.mixed import Mixed, MixedGuesses, RememberingModel, mix
from runner.method.shares import UNKNOWN
from tests.given import Scripted, label, prompts, said, section, study

SECTIONS = tuple(section(f"Rule {number}. " * 6, heading=f"Part {number}") for number in range(4))
MATERIAL = Material(sections=SECTIONS, questions=())
FACTS = 3  # of each section


@cache
def method(share: float) -> Mixed:
    """The shipped method with this share, asking for one pair on one fact at a time."""
    return study("method=mixed", f"method.share={share}", "method.fact.pairs=1", "method.fact.together=1").method


def reply(prompt: Prompt) -> str:
    """Facts, pairs and documents of a section; what is asked a second time differs."""
    text = said(prompt)
    part = re.search(r"Rule (\d)", text)[1]
    if "Reply with a JSON array of strings" in text:
        return json.dumps([f"Fact {number} of Rule {part}." for number in range(FACTS)])
    number = len(re.findall("^- ", text, re.MULTILINE))
    if "Rewrite" in text:
        return json.dumps(
            [{"question": f"What is {number} on {part}?", "document": f"Version {number}. " + f"Rule {part}. " * 12}]
        )
    fact = re.search(r"Fact \d of Rule \d", text)[0]
    return json.dumps([{"question": f"Question {number} on {fact}?", "answer": "A rule of some words."}])


def tokens(labels, kind=""):
    """The tokens of labels, of one method or of all."""
    return sum(one.tokens for one in labels if kind in ("", one.method))


@pytest.mark.parametrize("scale", [1, 2, 5])
@pytest.mark.parametrize("share", [0.25, 0.5])
def test_a_training_has_the_tokens_of_fact_labels_and_the_share_of_documents(share, scale):
    mixed = method(share)
    facts = mixed.fact.label(MATERIAL, Scripted(reply), scale).labels
    labels = mixed.label(MATERIAL, Scripted(reply), scale).labels
    pair, document = max(one.tokens for one in facts), max(one.tokens for one in labels if one.method == "document")
    assert abs(tokens(labels) - tokens(facts)) <= pair / 2
    assert abs(tokens(labels, "document") - share * tokens(facts)) <= document / 2
    assert {one for one in labels if one.method == "fact"} < set(facts)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_smaller_sizes_are_contained_in_larger_ones(share):
    sizes = [set(method(share).label(MATERIAL, Scripted(reply), scale).labels) for scale in (1, 2, 3, 5)]
    for small, large in pairwise(sizes):
        assert small < large
    # As a size draws them: by the position alone.
    assert sizes[1] == {one for one in sizes[3] if one.position < 2}


def test_every_fact_keeps_about_as_many_pairs_and_every_section_gets_a_document_before_another_gets_two():
    labels = method(0.5).label(MATERIAL, Scripted(reply), 5).labels
    times = Counter(one.fact for one in labels if one.method == "fact")
    assert len(times) == FACTS * len(SECTIONS)
    assert max(times.values()) - min(times.values()) <= 1
    sections = Counter(one.section for one in labels if one.method == "document")
    assert max(sections.values()) - min(sections.values()) <= 1


def test_the_requests_are_those_of_both_methods_and_no_document_is_asked_for_that_is_not_needed():
    mixed, teacher, fact, document = method(0.25), Scripted(reply), Scripted(reply), Scripted(reply)
    mixed.label(MATERIAL, teacher, 5)
    mixed.fact.label(MATERIAL, fact, 5)
    mixed.document.label(MATERIAL, document, 5)
    asked = [prompt for prompt in teacher.asked if "Rewrite" in said(prompt)]
    assert len(set(teacher.asked)) == len(teacher.asked)
    assert {prompt for prompt in teacher.asked if prompt not in asked} == set(fact.asked)
    assert set(asked) < set(document.asked)


def test_where_there_are_too_few_documents_more_pairs_are_kept_and_the_share_is_told(caplog):
    short = Scripted(lambda prompt: "[]" if "Rewrite" in said(prompt) and "Rule 0" not in said(prompt) else reply(prompt))
    mixed = method(0.5)
    facts = mixed.fact.label(MATERIAL, Scripted(reply), 2).labels
    with caplog.at_level(logging.WARNING, "runner"):
        labels = mixed.label(MATERIAL, short, 2).labels
    assert abs(tokens(labels) - tokens(facts)) <= max(one.tokens for one in facts) / 2
    assert "2 documents hold 21% of the tokens, method.share asks for 50%" in caplog.text


def test_the_ledger_tells_what_the_share_left_out():
    labelling = method(0.5).label(MATERIAL, Scripted(reply), 2)
    of_mix = {ledger.stage: ledger for ledger in labelling.ledgers if "mix" in ledger.stage}
    kept = Counter(one.method for one in labelling.labels)
    assert (of_mix["pairs of the mix"].requested, of_mix["pairs of the mix"].kept) == (24, kept["fact"])
    assert of_mix["documents of the mix"].kept == kept["document"]


def test_without_any_pair_nothing_is_mixed():
    assert mix([], [label("", answer="A text.")], 0.5) == ([], [])


def test_a_prompt_that_was_answered_is_not_sent_again():
    model = Scripted(lambda prompt: f"on {said(prompt)}")
    remembering = RememberingModel(model)
    first, second, third = prompts("a", "b", "c")
    assert dict(remembering.ask([first, second]))[1].text == "on b"
    assert {place: each.text for place, each in remembering.ask([second, third, first])} == {0: "on b", 1: "on c", 2: "on a"}
    assert model.asked == [first, second, third]


def test_each_request_is_guessed_by_the_component_that_sends_it():
    mixed = method(0.25)
    guesses, teacher = mixed.guesses(), Scripted(reply)
    assert isinstance(guesses, MixedGuesses)
    mixed.label(replace(MATERIAL, sections=SECTIONS[:1]), teacher, 1)
    facts, *_, pair, document = (guesses.guess(said(prompt)) for prompt in teacher.asked)
    assert isinstance(json.loads(facts)[0], str)
    assert json.loads(pair)[0].keys() == {"fact", "question", "answer"}
    assert json.loads(document)[0].keys() == {"question", "document"}


def test_the_range_of_a_mix_is_that_of_its_facts_and_pairs():
    guesses = method(0.25).guesses()
    assert guesses.spread() == guesses.facts.spread() == UNKNOWN


def test_of_replies_that_hold_pairs_of_larger_sizes_only_those_of_the_size_are_mixed():
    mixed = replace(method(0.5), fact=replace(method(0.5).fact, pairs=5))

    def five(prompt: Prompt) -> str:
        entries = json.loads(reply(prompt))
        several = isinstance(entries[0], dict) and "answer" in entries[0]
        return json.dumps(
            [{**entry, "question": f"{number} {entry['question']}"} for entry in entries for number in range(5)]
            if several
            else entries
        )

    facts = [one for one in mixed.fact.label(MATERIAL, Scripted(five), 1).labels if one.position < 1]
    labels = mixed.label(MATERIAL, Scripted(five), 1).labels
    assert {one.position for one in labels} == {0}
    assert (
        abs(tokens(labels, "document") - 0.5 * tokens(facts)) <= max(one.tokens for one in labels if one.method == "document") / 2
    )
