"""Fact labels: facts are listed, irrelevant ones filtered, k pairs written for each of the others, all in the ledger."""

import json
from dataclasses import replace

import pytest

from runner.data.records import AtomicFact, Ledger, Material, Prompt
from runner.method.fact import Fact
from runner.store.local import LocalStore
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, section

SECTIONS = (section("Ada won. Ada is tall.", heading="Overview"), section("Bea scored.", category="goals"))
FACTS = {"Overview": ["Ada won the cup.", "Ada is tall."], "Final": ["Bea scored."]}


def said(prompt: Prompt) -> str:
    """The first message of a prompt, without later corrections."""
    return prompt.messages[0].content


def method(**settings: object) -> Fact:
    """The method, asking for one pair on one fact at a time."""
    prompts = {
        "facts_prompt": "FACTS|{title}|{heading}|{text}|{document}|{other}",
        "filter_prompt": "FILTER|{purpose}|{facts}",
        "pairs_prompt": "PAIRS|{facts}|{text}|{pairs}|{earlier}",
    }
    return Fact(**{**prompts, "pairs": 1, "together": 1, **settings})


def material(purpose: str = "", sections: tuple = SECTIONS) -> Material:
    """A corpus with this purpose."""
    return Material(sections=sections, questions=(), purpose=purpose)


def fresh(prompt: Prompt) -> str:
    """The facts of a section, a verdict that drops tall people, or a pair that the request does not hold yet."""
    kind, *parts = said(prompt).split("|")
    if kind == "FACTS":
        return json.dumps(FACTS[parts[1]])
    if kind == "FILTER":
        return json.dumps([number for number, line in enumerate(parts[1].splitlines(), 1) if "tall" not in line])
    number = parts[3].count("- ")
    facts = [line.partition(". ")[2] for line in parts[0].splitlines()]
    return json.dumps(
        [{"fact": at, "question": f"Question {number} on {fact}", "answer": "Yes."} for at, fact in enumerate(facts, 1)]
    )


def instead(kind: str, reply: str) -> Scripted:
    """The same teacher, but with one reply to every request of a kind."""
    return Scripted(lambda prompt: reply if said(prompt).startswith(kind) else fresh(prompt))


@pytest.mark.parametrize(("scale", "each"), [(0.5, 1), (1, 1), (1.5, 2), (3, 3)])
def test_each_fact_gets_as_many_labels_as_the_scale_rounded_up(scale, each):
    labelling = method().label(material(), Scripted(fresh), scale)
    assert [one.fact for one in labelling.labels] == [
        text for text in ("Ada won the cup.", "Ada is tall.", "Bea scored.") for _ in range(each)
    ]


def test_a_smaller_size_is_a_prefix_of_a_larger_one_fact_by_fact():
    small, large = (method().label(material(), Scripted(fresh), scale).labels for scale in (2, 5))
    for fact in ("Ada won the cup.", "Ada is tall.", "Bea scored."):
        assert [one for one in small if one.fact == fact] == [one for one in large if one.fact == fact][:2]


def test_a_label_says_where_it_comes_from():
    last = method().label(material(), Scripted(fresh, name="teacher"), 2).labels[-1]
    assert (last.method, last.origin, last.section, last.category) == ("fact", "teacher", "cup.md#Final", "goals")
    assert (last.fact, last.round, last.position) == ("Bea scored.", 1, 1)


def test_facts_that_do_not_serve_the_purpose_are_filtered():
    labelling = method().label(material("Know who won."), Scripted(fresh), 1)
    assert [fact.text for fact in labelling.facts] == ["Ada won the cup.", "Bea scored."]
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=3, kept=2, filtered={"irrelevant": 1})
    assert {one.fact for one in labelling.labels} == {"Ada won the cup.", "Bea scored."}


def test_the_purpose_and_the_numbered_facts_are_put_to_the_teacher():
    teacher = Scripted(fresh)
    method().label(material("Know who won."), teacher, 1)
    assert "FILTER|Know who won.|1. Ada won the cup.\n2. Ada is tall." in [said(asked) for asked in teacher.asked]


def test_without_a_purpose_nothing_is_filtered_and_nobody_is_asked():
    teacher = Scripted(fresh)
    labelling = method().label(material(), teacher, 1)
    assert len(labelling.facts) == 3
    assert not [asked for asked in teacher.asked if said(asked).startswith("FILTER")]


def test_a_verdict_that_cannot_be_read_fails_its_facts():
    labelling = method().label(material("Know who won."), instead("FILTER", "All of them."), 1)
    assert labelling.labels == ()
    assert labelling.ledgers[0].failed == {"relevance: unreadable reply": 3}


@pytest.mark.parametrize("numbers", ["[0, 1]", "[1, 7]", "[-1]"])
def test_a_verdict_on_facts_that_do_not_exist_is_asked_again_and_then_counts_as_failed(numbers):
    labelling = method().label(material("Know who won."), instead("FILTER", numbers), 1)
    assert labelling.ledgers[0].failed == {"relevance: number beyond the list": 3}
    assert (labelling.ledgers[0].kept, labelling.ledgers[0].again) == (0, 4)


def test_numbers_may_be_written_as_strings():
    labelling = method().label(material("Know who won."), instead("FILTER", '["1"]'), 1)
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=3, kept=2, filtered={"irrelevant": 1})


def test_refusals_and_unfilled_forms_are_no_facts():
    reply = '["...", "Fact 1", "I cannot provide that information.", "Ada won the cup."]'
    labelling = method().label(material(), instead("FACTS", reply), 1)
    assert [fact.text for fact in labelling.facts] == ["Ada won the cup."]
    assert labelling.ledgers[0].filtered == {"form without content": 4, "refusal": 2, "duplicate": 1}


def test_a_number_that_is_named_twice_keeps_one_fact():
    labelling = method().label(material("Know who won."), instead("FILTER", "[1, 1]"), 1)
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=3, kept=2, filtered={"irrelevant": 1})


def test_facts_that_were_read_are_labelled_and_nothing_is_asked_about_their_sections():
    teacher = Scripted(fresh)
    read = AtomicFact(section="cup.md#Overview", text="The cup weighs 6 kg.", category="winners", origin="read")
    labelling = method().label(replace(material(), facts=(read, read)), teacher, 1)
    assert [fact.text for fact in labelling.facts] == ["The cup weighs 6 kg.", "Bea scored."]
    reading = Ledger(stage="facts read from files", requested=2, kept=1, filtered={"duplicate": 1})
    assert labelling.ledgers[:2] == (reading, Ledger(stage="facts", requested=2, kept=2))
    assert not any("Ada won" in said(asked) for asked in teacher.asked if said(asked).startswith("FACTS"))


def test_a_fact_that_two_sections_state_is_kept_once():
    labelling = method().label(material(), instead("FACTS", '["Ada won the cup.", "Ada won the cup."]'), 1)
    assert [(fact.text, fact.section) for fact in labelling.facts] == [("Ada won the cup.", "cup.md#Overview")]
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=4, kept=1, filtered={"duplicate": 3})


def test_a_section_whose_facts_cannot_be_read_counts_as_one_failed():
    teacher = Scripted(lambda prompt: "None." if "|Overview|" in said(prompt) else fresh(prompt))
    labelling = method().label(material(), teacher, 1)
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=2, kept=1, failed={"unreadable reply": 1}, again=2)


def test_of_facts_that_were_cut_off_the_whole_ones_are_kept_and_the_rest_counts_as_one_failed():
    labelling = method(again=0).label(material(sections=SECTIONS[:1]), instead("FACTS", '["Ada won.", "Ada is'), 1)
    assert [fact.text for fact in labelling.facts] == ["Ada won."]
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=2, kept=1, failed={"cut off": 1})


def test_a_verdict_that_was_cut_off_is_completed_by_asking_again():
    replies = {1: "[1, 1", 3: "[2]"}
    teacher = Scripted(lambda prompt: replies[len(prompt.messages)] if said(prompt).startswith("FILTER") else fresh(prompt))
    labelling = method().label(material("Know who won.", SECTIONS[:1]), teacher, 1)
    assert [fact.text for fact in labelling.facts] == ["Ada won the cup.", "Ada is tall."]
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=2, kept=2, filtered={"irrelevant": 0}, again=1)


def test_an_empty_fact_is_filtered_and_not_dropped_in_silence():
    labelling = method().label(material(sections=SECTIONS[:1]), instead("FACTS", '["Ada won.", " ", ""]'), 1)
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=3, kept=1, filtered={"empty": 2})


@pytest.mark.parametrize("rubbish", ["", "No idea.", "[x]", '{"question": "q"}'])
def test_rubbish_for_everything_leaves_no_label_and_the_ledger_says_so(rubbish):
    labelling = method().label(material("Know who won."), Scripted(lambda prompt: rubbish), 5)
    assert labelling.labels == labelling.facts == ()
    assert labelling.ledgers[0] == Ledger(stage="facts", requested=2, kept=0, failed={"unreadable reply": 2}, again=4)
    assert labelling.ledgers[1] == Ledger(stage="pairs", requested=0, kept=0)


def test_rubbish_for_pairs_leaves_every_fact_short_and_the_ledger_says_so():
    labelling = method(pairs=4).label(material(), instead("PAIRS", "no"), 5)
    assert (labelling.labels, labelling.short, labelling.units) == ((), 3, 3)
    assert labelling.ledgers[1] == Ledger(stage="pairs", requested=36, kept=0, failed={"unreadable reply": 36}, again=18)


def test_a_question_that_another_fact_has_is_a_duplicate():
    labelling = method().label(material(), instead("PAIRS", '[{"fact": 1, "question": "Who?", "answer": "Ada."}]'), 1)
    assert [one.fact for one in labelling.labels] == ["Ada won the cup."]
    assert labelling.ledgers[1].filtered == {"duplicate": 6}


def test_braces_in_a_document_survive_the_template():
    teacher = Scripted(lambda prompt: '["A { {pairs} } fact."]' if said(prompt).startswith("FACTS") else fresh(prompt))
    code = section("fn main() { {earlier} {title} }")
    method().label(material(sections=(code,)), teacher, 1)
    assert [said(asked) for asked in teacher.asked] == [
        f"FACTS|The Cup|Final|{code.text}|cup.md|{{other}}",
        f"PAIRS|1. A {{ {{pairs}} }} fact.|{code.text}|1|(none yet)",
    ]


def test_a_larger_scale_asks_only_for_the_rest_where_replies_are_remembered(tmp_path):
    first, second = Scripted(fresh), Scripted(fresh)
    method().label(material("Know who won."), CachedModel(first, LocalStore(tmp_path).replies), 1)
    method().label(material("Know who won."), CachedModel(second, LocalStore(tmp_path).replies), 3)
    assert len(first.asked) == 2 + 2 + 2
    assert [said(asked).split("|")[0] for asked in second.asked] == ["PAIRS"] * 4


def test_facts_of_one_section_are_asked_about_together_and_those_of_another_apart():
    teacher = instead("FACTS", json.dumps([f"Fact number {number}." for number in range(3)]))
    sections = (section("Ada won.", document="a.md"), section("Bea won.", document="b.md"))
    labelling = method(together=2).label(material(sections=sections), teacher, 1)
    asked = [said(prompt).split("|")[1] for prompt in teacher.asked if said(prompt).startswith("PAIRS")]
    pair, single = "1. Fact number 0.\n2. Fact number 1.", "1. Fact number 2."
    assert asked[:4] == [pair, single, pair, single]
    assert labelling.units == 6


def test_every_request_names_the_document_its_file_and_the_headings():
    with_names = "{title}|{document}|{heading}|{text}{facts}{purpose}"
    prompts = {f"{kind}_prompt": f"{kind}|{with_names}" for kind in ("facts", "filter", "pairs")}
    teacher = Scripted(lambda asked: json.dumps(["Ada won."] if said(asked).startswith("facts") else [1]))
    method(**prompts).label(material("Know who won.", SECTIONS[1:]), teacher, 1)
    assert [said(asked).split("|")[:4] for asked in teacher.asked[:3]] == [
        [kind, "The Cup", "cup.md", "Final"] for kind in ("facts", "filter", "pairs")
    ]


def test_a_list_of_facts_that_is_cut_off_is_continued_until_the_section_can_hold_no_more():
    words = " ".join(map(str, range(40)))
    teacher = Scripted(lambda asked: f'["Fact {len(asked.messages)} of it.", "cut')
    labelling = method().label(material(sections=(section(words),)), teacher, 0.1)
    assert len([asked for asked in teacher.asked if said(asked).startswith("FACTS")]) == 41
    assert (len(labelling.facts), labelling.ledgers[0].failed) == (41, {"cut off": 1})
