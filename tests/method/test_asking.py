"""Pairs are read out of whatever a teacher says, the fit ones kept, and every one asked for accounted for."""

import json
import random
from itertools import combinations

import pytest

from runner.method.asking import Pair, Pairs, Unit, ask, earlier, fill, parse, statements, unfill
from runner.records import Label, Labelling, Prompt
from runner.store import Store
from tests.given import Scripted, in_turn, label, said


def pairs(*questions: str, answer: str = "Ada.") -> str:
    """A reply that holds these questions."""
    return json.dumps([{"question": question, "answer": answer} for question in questions])


def place(unit: Unit[str], pair: Pair) -> tuple[Label, float]:
    """A label that takes its unit one further."""
    return label(pair.question, answer=pair.answer, fact=unit.source, position=unit.position), 1


def prompt(unit: Unit[str]) -> str:
    """A request that names the unit and the questions it has."""
    return f"{unit.source} {earlier(unit.labels)}"


def gathered(*replies: str, scale: float = 1, number: int = 1, longest: int = 20) -> Labelling:
    """What one unit comes to where a teacher gives these replies in turn."""
    return Pairs[str](Scripted(in_turn(*replies)), number, 100, longest).gather([Unit("u")], scale, prompt, place)


def test_a_template_is_filled_where_names_are_given():
    assert fill("{a} {b} {{a}} {}", a=1) == "1 {b} {1} {}"


def test_braces_in_what_is_filled_in_survive():
    assert fill("{text}|{title}", text="{title} { \\1 {", title="T") == "{title} { \\1 {|T"


def test_replies_come_in_the_order_of_the_texts_however_they_arrive():
    assert ask(Scripted(said, backwards=True), ["a", "b", "c"], 5) == ["a", "b", "c"]


def test_a_text_that_was_asked_before_is_another_attempt():
    teacher = Scripted(said)
    ask(teacher, ["a", "b"], 5, [0, 2])
    assert [asked.attempt for asked in teacher.asked] == [0, 2]


@pytest.mark.parametrize(
    "reply",
    ['["a", "b"]', '```json\n["a", "b"]\n```', 'Here they are:\n["a",\n "b"]\nThat is all.', ' ["a","b"] '],
    ids=["plain", "fence", "words around", "spaces"],
)
def test_an_array_is_read_with_or_without_what_stands_around_it(reply):
    assert parse(reply, str) == ["a", "b"]


@pytest.mark.parametrize("reply", ["", "No.", "[", "]", "['a']", '["a"', '{"a": 1}', "[1]", '["a", 1]', "[null]"])
def test_what_is_no_array_of_the_kind_is_nothing(reply):
    assert parse(reply, str) is None


def test_an_empty_array_is_no_fault():
    assert parse("[]", str) == []


@pytest.mark.parametrize("reply", ['[{"question": "q"}]', '[{"question": "q", "answer": 4}]', '["q"]'])
def test_a_pair_needs_a_question_and_an_answer_in_words(reply):
    assert parse(reply, Pair) is None


def test_a_reply_of_brackets_alone_is_nothing():
    assert parse("[" * 100_000 + "]", str) is None


def test_half_a_character_is_nothing():
    assert parse(r'["\ud83d"]', str) is None


def test_statements_are_stripped():
    assert statements('[" a ", " ", "b"]') == ["a", "", "b"]


def test_earlier_questions_stand_on_a_line_each():
    assert earlier([label("One?"), label("Two?")]) == "- One?\n- Two?"


def test_where_nothing_was_asked_earlier_it_says_so():
    assert earlier([]) == "(none yet)"


def test_pairs_are_kept_without_the_space_around_them():
    (kept,) = gathered(pairs(" Who? ", answer=" Ada. ")).labels
    assert (kept.question, kept.answer) == ("Who?", "Ada.")


@pytest.mark.parametrize(
    ("replies", "requested", "kept", "filtered", "failed"),
    [
        ([pairs("a", "b")], 2, 2, {}, {}),
        (["no", pairs("a", "b")], 4, 2, {}, {"unreadable reply": 2}),
        ([pairs("a"), pairs("b", "c")], 4, 3, {}, {"fewer than asked for": 1}),
        (["[]", pairs("a", "b")], 4, 2, {}, {"fewer than asked for": 2}),
        ([pairs("a", " "), pairs("b", "c")], 4, 3, {"empty": 1}, {}),
        ([pairs("a", "b", answer="\n"), pairs("b", "c")], 4, 2, {"empty": 2}, {}),
        ([pairs("a", "b", answer="x" * 21), pairs("a", "b", answer="x" * 20)], 4, 2, {"over-long": 2}, {}),
        ([pairs("Who won?", "who WON"), pairs("a", "b")], 4, 3, {"duplicate": 1}, {}),
        ([pairs("a", "b", "c", "d")], 4, 2, {"more than asked for": 2}, {}),
    ],
    ids=["good", "unreadable", "short", "no pair", "empty question", "empty answer", "over-long", "duplicate", "too many"],
)
def test_the_ledger_says_what_became_of_every_pair_asked_for(replies, requested, kept, filtered, failed):
    labelling = gathered(*replies, scale=2, number=2)
    (ledger,) = labelling.ledgers
    assert (ledger.requested, ledger.kept, ledger.filtered, ledger.failed) == (requested, kept, filtered, failed)
    assert len(labelling.labels) == kept
    assert labelling.short == 0


def test_a_unit_that_three_rounds_bring_nothing_new_is_left_short():
    labelling = gathered(pairs("a"), scale=2)
    (ledger,) = labelling.ledgers
    assert (len(labelling.labels), labelling.short, labelling.units) == (1, 1, 1)
    assert (ledger.requested, ledger.filtered) == (4, {"duplicate": 3})


@pytest.mark.parametrize("reply", ["no", "[]"])
def test_units_that_bring_nothing_are_asked_again_together(reply):
    class Counted(Scripted):
        """A model that notes how many prompts reach it at once."""

        def ask(self, prompts):
            together.append(len(prompts))
            return super().ask(prompts)

    together: list[int] = []
    Pairs[str](Counted(lambda asked: reply), 1, 100, 20).gather([Unit(name) for name in "uvw"], 1, prompt, place)
    assert together == [3, 3, 3]


def test_two_barren_rounds_are_forgiven_again_and_again():
    labelling = gathered("no", "no", pairs("a"), "no", "no", pairs("b"), scale=2)
    assert [one.question for one in labelling.labels] == ["a", "b"]


def test_a_round_that_brought_nothing_is_asked_as_another_attempt():
    teacher = Scripted(in_turn("no", "[]", pairs("a"), pairs("a"), pairs("b")))
    Pairs[str](teacher, 1, 100, 20).gather([Unit("u")], 2, prompt, place)
    assert [asked.attempt for asked in teacher.asked] == [0, 1, 2, 0, 1]


def test_units_are_asked_together():
    batches = []

    class Batched(Scripted):
        def ask(self, prompts):
            batches.append(len(prompts))
            return super().ask(prompts)

    teacher = Batched(lambda asked: pairs(f"{said(asked)[0]}{len(teacher.asked)}"))
    Pairs[str](teacher, 1, 100, 20).gather([Unit(name) for name in "uvw"], 2, prompt, place)
    assert batches == [3, 3]


@pytest.mark.parametrize("seed", range(20))
def test_every_smaller_scale_is_nested_in_every_larger_one_whatever_is_duplicate_or_unreadable(seed):
    def reply(asked: Prompt) -> str:
        """Few questions for many units, so that they meet; the same to the same request."""
        chance = random.Random(f"{seed} {said(asked)} {asked.attempt}")
        return chance.choice(["no", *(pairs(*chance.sample("abcdefghijklmnopq", 3)) for _ in range(3))])

    def step(unit: Unit[str], pair: Pair) -> tuple[Label, float]:
        own, _ = place(unit, pair)
        return own, 0.1 + ord(pair.question) % 7 / 4

    drawn = {}
    for scale in (0.5, 1, 1.7, 3, 6):
        labelling = Pairs[str](Scripted(reply), 3, 100, 20).gather([Unit(name) for name in "uvwx"], scale, prompt, step)
        drawn[scale] = labelling.labels
    for small, large in combinations(drawn, 2):
        assert [one for one in drawn[large] if one.position < small] == [one for one in drawn[small] if one.position < small]


def test_a_unit_that_has_enough_is_not_asked_about_again():
    teacher = Scripted(lambda asked: "no" if said(asked).startswith("u") else pairs("v1"))
    Pairs[str](teacher, 1, 100, 20).gather([Unit("u"), Unit("v")], 1, prompt, place)
    assert [said(asked)[0] for asked in teacher.asked] == ["u", "v", "u", "u"]


def test_labels_stand_unit_by_unit():
    teacher = Scripted(lambda asked: pairs(f"{said(asked)[0]}{len(teacher.asked)}"))
    labelling = Pairs[str](teacher, 1, 100, 20).gather([Unit("u"), Unit("v")], 2, prompt, place)
    assert [one.fact for one in labelling.labels] == ["u", "u", "v", "v"]


def test_an_unreadable_reply_that_is_remembered_is_asked_for_again(tmp_path):
    teacher = Store(tmp_path).remember(Scripted(in_turn("no", pairs("a"))))
    labelling = Pairs[str](teacher, 1, 100, 20).gather([Unit("u")], 1, prompt, place)
    assert [one.question for one in labelling.labels] == ["a"]


def test_a_larger_scale_begins_with_the_labels_of_a_smaller_one_whatever_is_duplicate():
    def reply(asked: object) -> str:
        """The first unit gets a question; then both get the same one; then each its own."""
        name, have = said(asked)[0], said(asked).count("- ")
        number = sum(said(other) == said(asked) for other in teacher.asked)
        if name == "u":
            return pairs(["u first", "the same", "u third"][have])
        return "no" if number == 1 else pairs("the same") if number == 2 else pairs("v own")

    drawn = []
    for scale in (1, 2):
        teacher = Scripted(reply)
        labels = Pairs[str](teacher, 1, 100, 20).gather([Unit("u"), Unit("v")], scale, prompt, place).labels
        drawn.append([(one.fact, one.question) for one in labels if one.position < 1])
    assert drawn[0] == drawn[1]


def test_a_filled_template_is_read_back() -> None:
    template = "List {kind} of {text}\n{x} {kind}"
    assert unfill(template, fill(template, kind="a (b", text="c {d}", x="")) == {"kind": "a (b", "text": "c {d}", "x": ""}
    assert unfill(template, "List another thing") is None
