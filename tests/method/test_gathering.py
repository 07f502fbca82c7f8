"""Units are asked about in rounds; usable pairs are kept, sizes are nested, and every pair is counted in the ledger."""

import json
import random
from collections.abc import Sequence
from itertools import combinations

import pytest

from runner.data.records import Label, Labelling, Prompt, Reply
from runner.method.forms import FactPair, FactPairList, Pair
from runner.method.gathering import Group, Pairs, Unit
from runner.method.templates import earlier
from runner.store.local import LocalStore
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, in_turn, label, said


def pairs(*questions: str, answer: str = "Ada.") -> str:
    """A reply that holds these questions."""
    return json.dumps([{"question": question, "answer": answer} for question in questions])


def place(unit: Unit[str], pair: Pair) -> tuple[Label, float]:
    """A label with a step of 1 to the next position."""
    return label(pair.question, answer=pair.answer, fact=unit.source, position=unit.position), 1


def prompt(units: Sequence[Unit[str]]) -> str:
    """A request that names the units and the questions they have."""
    return f"{''.join(unit.source for unit in units)} {earlier([label for unit in units for label in unit.labels])}"


def alone(*names: str) -> list[Group[str]]:
    """Units that are asked about one by one."""
    return [Group([Unit(name)]) for name in names]


def gathered(*replies: str, scale: float = 1, number: int = 1, longest: int = 20) -> Labelling:
    """The labels of one unit, if a teacher gives these replies in turn."""
    return Pairs[str](Scripted(in_turn(*replies)), number, 100, longest, 0).gather(alone("u"), scale, prompt, place)


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        (
            ["Dear me."],
            "scripted gave no pairs in 3 replies (unreadable reply: 3). The first began 'Dear me.'. Look at the model",
        ),
        (["I'm sorry, I can't."], "in 3 replies (refused: 3). The first began \"I'm sorry"),
        (["<think>Hm"], "(thinking alone: 3). Allow longer replies (method.reply_tokens), or switch thinking"),
        (["Dear me.", "No."], "The first began 'Dear me.'"),
        (["no", "no", pairs("a")], ""),
        (["[]"], ""),
    ],
)
def test_the_first_reply_is_quoted_where_none_can_be_read(replies, words, caplog):
    Pairs[str](Scripted(in_turn(*replies)), 1, 100, 20, 1).gather(alone("u"), 1, prompt, place)
    assert words in caplog.text
    assert bool(words) == bool(caplog.text)


def test_a_content_filter_is_not_asked_again():
    class Filtered(Scripted):
        """A model behind a filter."""

        def ask(self, prompts):
            for place, reply in super().ask(prompts):
                yield place, Reply(text=reply.text, finish="content_filter")

    teacher = Filtered(lambda asked: "")
    labelling = Pairs[str](teacher, 2, 100, 20, 2).gather(alone("u"), 1, prompt, place)
    assert (labelling.ledgers[0].failed, labelling.ledgers[0].again) == ({"content filter": 6}, 0)
    assert len(teacher.asked) == 3


def test_the_ledger_counts_the_retries_and_reconciles():
    teacher = Scripted(in_turn("no", pairs("a", "b"), pairs("c", "d")[:-9], "no", "no", pairs("d", "e")))
    labelling = Pairs[str](teacher, 2, 100, 20, 2).gather(alone("u"), 5, prompt, place)
    (ledger,) = labelling.ledgers
    assert [one.question for one in labelling.labels] == ["a", "b", "c", "d", "e"]
    assert (ledger.requested, ledger.kept, ledger.again) == (6, 5, 3)
    assert (ledger.failed, ledger.filtered) == ({"unreadable reply": 1}, {})


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
        ([pairs("a", "..."), pairs("b", "c")], 4, 3, {"form without content": 1}, {}),
        ([pairs("a", "b", answer="<answer>"), pairs("b", "c")], 4, 2, {"form without content": 2}, {}),
        ([pairs("a", "b", answer="I can't help with."), pairs("b", "c")], 4, 2, {"refusal": 2}, {}),
        ([pairs("a", "b", "c", "d")], 4, 2, {"more than asked for": 2}, {}),
    ],
    ids=[
        "good",
        "unreadable",
        "short",
        "no pair",
        "empty question",
        "empty answer",
        "over-long",
        "duplicate",
        "form",
        "slot",
        "refusal",
        "too many",
    ],
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
    Pairs[str](Counted(lambda asked: reply), 1, 100, 20, 0).gather(alone(*"uvw"), 1, prompt, place)
    assert together == [3, 3, 3]


def test_two_empty_rounds_in_a_row_do_not_end_a_unit():
    labelling = gathered("no", "no", pairs("a"), "no", "no", pairs("b"), scale=2)
    assert [one.question for one in labelling.labels] == ["a", "b"]


def test_a_round_that_brought_nothing_is_asked_as_another_attempt():
    teacher = Scripted(in_turn("no", "[]", pairs("a"), pairs("a"), pairs("b")))
    Pairs[str](teacher, 1, 100, 20, 0).gather(alone("u"), 2, prompt, place)
    assert [asked.attempt for asked in teacher.asked] == [0, 1, 2, 0, 1]


def test_units_are_asked_together():
    batches = []

    class Batched(Scripted):
        def ask(self, prompts):
            batches.append(len(prompts))
            return super().ask(prompts)

    teacher = Batched(lambda asked: pairs(f"{said(asked)[0]}{len(teacher.asked)}"))
    Pairs[str](teacher, 1, 100, 20, 0).gather(alone(*"uvw"), 2, prompt, place)
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
        labelling = Pairs[str](Scripted(reply), 3, 100, 20, 0).gather(alone(*"uvwx"), scale, prompt, step)
        drawn[scale] = labelling.labels
    for small, large in combinations(drawn, 2):
        assert [one for one in drawn[large] if one.position < small] == [one for one in drawn[small] if one.position < small]


def test_a_unit_that_has_enough_is_not_asked_about_again():
    teacher = Scripted(lambda asked: "no" if said(asked).startswith("u") else pairs("v1"))
    Pairs[str](teacher, 1, 100, 20, 0).gather(alone("u", "v"), 1, prompt, place)
    assert [said(asked)[0] for asked in teacher.asked] == ["u", "v", "u", "u"]


def test_labels_are_ordered_by_unit():
    teacher = Scripted(lambda asked: pairs(f"{said(asked)[0]}{len(teacher.asked)}"))
    labelling = Pairs[str](teacher, 1, 100, 20, 0).gather(alone("u", "v"), 2, prompt, place)
    assert [one.fact for one in labelling.labels] == ["u", "u", "v", "v"]


def test_an_unreadable_reply_that_is_remembered_is_asked_for_again(tmp_path):
    teacher = CachedModel(Scripted(in_turn("no", pairs("a"))), LocalStore(tmp_path).replies)
    labelling = Pairs[str](teacher, 1, 100, 20, 0).gather(alone("u"), 1, prompt, place)
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
        labels = Pairs[str](teacher, 1, 100, 20, 0).gather(alone("u", "v"), scale, prompt, place).labels
        drawn.append([(one.fact, one.question) for one in labels if one.position < 1])
    assert drawn[0] == drawn[1]


def on_facts(*entries: tuple[object, str]) -> str:
    """A reply that holds these numbers and questions; None is no number."""
    numbers = [{} if number is None else {"fact": number} for number, _ in entries]
    return json.dumps(
        [{**number, "question": question, "answer": "Ada."} for number, (_, question) in zip(numbers, entries, strict=True)]
    )


def together(teacher: Scripted, scale: float = 1, number: int = 1, names: str = "uv", retries: int = 0) -> Labelling:
    """The labels of facts that are asked about together."""
    groups = [Group([Unit(name) for name in names])]
    return Pairs[str](teacher, number, 100, 20, retries, FactPair).gather(groups, scale, prompt, place)


def test_the_facts_of_a_group_are_asked_about_in_one_request_and_get_the_pairs_that_name_them():
    teacher = Scripted(in_turn(on_facts((2, "c"), (1, "a"), (2, "d"), (1, "b"))))
    labelling = together(teacher, scale=2, number=2)
    assert [(one.fact, one.question) for one in labelling.labels] == [("u", "a"), ("u", "b"), ("v", "c"), ("v", "d")]
    assert ([said(asked) for asked in teacher.asked], teacher.asked[0].schema) == (["uv (none yet)"], FactPairList)
    assert (labelling.ledgers[0].requested, labelling.ledgers[0].kept) == (4, 4)


@pytest.mark.parametrize("numbers", [("1", "2"), ("#1", "2."), (1.0, "Fact 2"), ("1)", 2)])
def test_the_number_of_a_fact_may_be_written_in_other_ways(numbers):
    labelling = together(Scripted(in_turn(on_facts(*zip(numbers, "ab", strict=True)))))
    assert [(one.fact, one.question) for one in labelling.labels] == [("u", "a"), ("v", "b")]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ((None, "c"), "without the number of a fact"),
        (("x", "c"), "without the number of a fact"),
        ((3, "c"), "number of no fact"),
    ],
)
def test_a_pair_that_names_no_fact_of_the_request_is_filtered_and_the_others_stay(entry, reason):
    labelling = together(Scripted(in_turn(on_facts((1, "a"), (2, "b"), entry))))
    assert [one.question for one in labelling.labels] == ["a", "b"]
    assert (labelling.ledgers[0].requested, labelling.ledgers[0].filtered) == (3, {reason: 1})


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((0, 1), "names 0, and the list has the numbers 1 to 2"), ((None, None), "names no number, and the list has")],
)
def test_a_reply_whose_numbers_mean_other_facts_or_none_is_asked_again(numbers, words):
    teacher = Scripted(in_turn(on_facts(*zip(numbers, "ab", strict=True)), on_facts((1, "a"), (2, "b"))))
    labelling = together(teacher, retries=1)
    assert [(one.fact, one.question) for one in labelling.labels] == [("u", "a"), ("v", "b")]
    assert words in said(teacher.asked[1])
    assert '"fact" (its number in the list)' in said(teacher.asked[1])


def test_a_pair_on_the_only_fact_of_a_request_needs_no_number():
    labelling = together(Scripted(in_turn(on_facts((None, "a")))), names="u")
    assert [(one.fact, one.question) for one in labelling.labels] == [("u", "a")]


def test_only_the_facts_that_are_behind_are_asked_about_again():
    teacher = Scripted(in_turn(on_facts((1, "a"), (1, "b"), (2, "c")), on_facts((1, "d")), on_facts((1, "e"), (2, "f"))))
    labelling = together(teacher, scale=3, number=2)
    assert [said(asked).split()[0] for asked in teacher.asked] == ["uv", "v", "uv"]
    assert [(one.fact, one.question) for one in labelling.labels] == [("u", name) for name in "abe"] + [
        ("v", name) for name in "cdf"
    ]


@pytest.mark.parametrize("seed", range(20))
def test_sizes_are_nested_where_facts_are_asked_about_together_whatever_is_duplicate_or_missing(seed):
    def reply(asked: Prompt) -> str:
        """Few questions for many facts, so that they meet; some facts get none; the same to the same request."""
        chance = random.Random(f"{seed} {said(asked)} {asked.attempt}")
        facts = len(said(asked).split()[0])
        entries = [(fact, name) for fact in range(1, facts + 2) for name in chance.sample("abcdefghijklmnopqrst", 2)]
        return chance.choice(["no", *(on_facts(*chance.sample(entries, len(entries) - 2)) for _ in range(3))])

    drawn = {}
    for scale in (0.5, 1, 2, 3, 5, 8):
        groups = [Group([Unit(name) for name in names]) for names in ("uvw", "xy", "z")]
        requests = Pairs[str](Scripted(reply), 2, 100, 20, 0, FactPair)
        drawn[scale] = requests.gather(groups, scale, prompt, place).labels
    for small, large in combinations(drawn, 2):
        assert [one for one in drawn[large] if one.position < small] == [one for one in drawn[small] if one.position < small]
