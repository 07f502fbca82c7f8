"""A teacher is asked again if its reply cannot be read; usable pairs are kept, and every pair is counted in the ledger."""

import json
import random
from itertools import combinations

import pytest

from runner.data.records import Label, Labelling, Prompt, Reply
from runner.method.asking import Inquiry, Pairs, Unit, ask, earlier, fill, unfill
from runner.method.reading import Pair, PairList, StatementList
from runner.store.local import LocalStore
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, in_turn, label, said


def pairs(*questions: str, answer: str = "Ada.") -> str:
    """A reply that holds these questions."""
    return json.dumps([{"question": question, "answer": answer} for question in questions])


def place(unit: Unit[str], pair: Pair) -> tuple[Label, float]:
    """A label with a step of 1 to the next position."""
    return label(pair.question, answer=pair.answer, fact=unit.source, position=unit.position), 1


def prompt(unit: Unit[str]) -> str:
    """A request that names the unit and the questions it has."""
    return f"{unit.source} {earlier(unit.labels)}"


def gathered(*replies: str, scale: float = 1, number: int = 1, longest: int = 20) -> Labelling:
    """The labels of one unit, if a teacher gives these replies in turn."""
    return Pairs[str](Scripted(in_turn(*replies)), number, 100, longest, 0).gather([Unit("u")], scale, prompt, place)


def test_a_template_is_filled_where_names_are_given():
    assert fill("{a} {b} {{a}} {}", a=1) == "1 {b} {1} {}"


def test_braces_in_what_is_filled_in_survive():
    assert fill("{text}|{title}", text="{title} { \\1 {", title="T") == "{title} { \\1 {|T"


@pytest.mark.parametrize(
    "document",
    [
        "{pairs}",
        "{earlier}",
        "{{text}}",
        "{title:>10}",
        "{0} {} {title!r}",
        '{"pairs": {"a": [1]}}',
        "\\\\g<0> %s ${title}",
        "}{",
    ],
)
def test_a_value_that_contains_a_place_is_not_filled_in_again(document):
    assert fill("{pairs} {text} {title}", text=document, title="T", pairs=5, earlier="none") == f"5 {document} T"


def test_replies_come_in_the_order_of_the_texts_however_they_arrive():
    readings = ask(Scripted(lambda asked: f'["{said(asked)}"]', backwards=True), [Inquiry(name) for name in "abc"], str, 5, 0)
    assert [reading.entries for reading in readings] == [("a",), ("b",), ("c",)]


def test_a_text_that_was_asked_before_is_another_attempt():
    teacher = Scripted(said)
    ask(teacher, [Inquiry("a"), Inquiry("b", attempt=2)], str, 5, 0)
    assert [asked.attempt for asked in teacher.asked] == [0, 2]


@pytest.mark.parametrize(("kind", "form"), [(Pair, PairList), (str, StatementList)])
def test_a_prompt_names_the_form_of_its_reply(kind, form):
    teacher = Scripted(lambda asked: "[]")
    ask(teacher, [Inquiry("a")], kind, 5, 0)
    assert teacher.asked[0].schema is form


def test_a_teacher_is_shown_its_faulty_reply_and_told_what_is_wrong():
    teacher = Scripted(in_turn("<think>Hm.</think>Ada won.", '["a"]'))
    (reading,) = ask(teacher, [Inquiry("Go on.", attempt=1)], str, 5, 2)
    assert (reading.entries, reading.fault, reading.retries) == (("a",), "", 1)
    turns = [(turn.role, turn.content) for turn in teacher.asked[1].messages]
    told = "That reply can't be read. Reply with a JSON array of strings alone."
    assert turns == [("user", "Go on."), ("assistant", "Ada won."), ("user", told)]
    assert (teacher.asked[1].attempt, teacher.asked[1].schema) == (1, StatementList)


@pytest.mark.parametrize(
    ("kind", "reply", "words"),
    [
        (Pair, "no", 'can\'t be read. Reply with a JSON array of objects with the keys "question" and "answer"'),
        (str, "no", "can't be read. Reply with a JSON array of strings alone."),
        (int, '["Ada won."]', "can't be read. Reply with a JSON array of whole numbers alone."),
        (int, "[0, 2]", "names 0, and the list has the numbers 1 to 3. Reply with a JSON array of whole numbers alone."),
        (str, "<think>Hm", "held thinking alone. Reply with a JSON array of strings alone."),
    ],
)
def test_a_teacher_that_is_asked_again_is_told_the_type_of_the_entries(kind, reply, words):
    teacher = Scripted(in_turn(reply, "[]"))
    ask(teacher, [Inquiry("a", most=3)], kind, 5, 1)
    assert words in said(teacher.asked[1])


def test_numbers_that_are_beyond_the_list_are_replaced_by_those_of_the_next_reply():
    teacher = Scripted(in_turn("[0, 1, 2]", '["1", "2", "3"]'))
    (reading,) = ask(teacher, [Inquiry("a", most=3)], int, 5, 2)
    assert (reading.entries, reading.fault, reading.retries) == ((1, 2, 3), "", 1)


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
    Pairs[str](Scripted(in_turn(*replies)), 1, 100, 20, 1).gather([Unit("u")], 1, prompt, place)
    assert words in caplog.text
    assert bool(words) == bool(caplog.text)


def test_a_teacher_is_asked_again_up_to_the_limit():
    teacher = Scripted(lambda asked: "no")
    (reading,) = ask(teacher, [Inquiry("a")], str, 5, 2)
    assert (reading.fault, reading.retries, len(teacher.asked)) == ("unreadable reply", 2, 3)
    assert [turn.role for turn in teacher.asked[2].messages] == ["user", "assistant"] * 2 + ["user"]


def test_only_what_can_not_be_read_is_asked_again_and_together():
    teacher = Scripted(lambda asked: '["x"]' if len(asked.messages) > 1 or said(asked) == "b" else "no")
    readings = ask(teacher, [Inquiry(name) for name in "abc"], str, 5, 3)
    assert [reading.retries for reading in readings] == [1, 0, 1]
    assert [asked.messages[0].content for asked in teacher.asked] == ["a", "b", "c", "a", "c"]


def test_the_rest_of_a_reply_that_was_cut_off_is_asked_for_and_added():
    teacher = Scripted(in_turn(pairs("a", "b")[:-5], pairs("b", "c")))
    (reading,) = ask(teacher, [Inquiry("Go on.")], Pair, 5, 2)
    assert [pair.question for pair in reading.entries] == ["a", "b", "c"]
    assert "cut off; entries that can be read: 1." in said(teacher.asked[1])


def test_a_content_filter_is_not_asked_again():
    class Filtered(Scripted):
        """A model behind a filter."""

        def ask(self, prompts):
            for place, reply in super().ask(prompts):
                yield place, Reply(text=reply.text, finish="content_filter")

    teacher = Filtered(lambda asked: "")
    labelling = Pairs[str](teacher, 2, 100, 20, 2).gather([Unit("u")], 1, prompt, place)
    assert (labelling.ledgers[0].failed, labelling.ledgers[0].again) == ({"content filter": 6}, 0)
    assert len(teacher.asked) == 3


def test_a_reply_that_is_right_but_short_is_not_asked_again():
    teacher = Scripted(lambda asked: pairs("a"))
    ask(teacher, [Inquiry("a")], Pair, 5, 2)
    assert len(teacher.asked) == 1


@pytest.mark.parametrize(
    ("reply", "turn"),
    [("", "(nothing)"), ("<think>Hm", "(nothing)"), ("<think>x</think>\n\n", "(nothing)"), ("x" * 10**6, "x" * 70)],
)
def test_a_faulty_reply_is_shown_as_a_turn_that_is_neither_empty_nor_endless(reply, turn):
    teacher = Scripted(lambda asked: reply)
    ask(teacher, [Inquiry("a")], str, 7, 1)
    assert teacher.asked[1].messages[1].content == turn


def test_the_ledger_counts_the_retries_and_reconciles():
    teacher = Scripted(in_turn("no", pairs("a", "b"), pairs("c", "d")[:-9], "no", "no", pairs("d", "e")))
    labelling = Pairs[str](teacher, 2, 100, 20, 2).gather([Unit("u")], 5, prompt, place)
    (ledger,) = labelling.ledgers
    assert [one.question for one in labelling.labels] == ["a", "b", "c", "d", "e"]
    assert (ledger.requested, ledger.kept, ledger.again) == (6, 5, 3)
    assert (ledger.failed, ledger.filtered) == ({"unreadable reply": 1}, {})


def test_what_was_asked_again_is_remembered(tmp_path):
    first, second = Scripted(in_turn("no", '["a"]')), Scripted(lambda asked: "never asked")
    for teacher in (first, second):
        (reading,) = ask(CachedModel(teacher, LocalStore(tmp_path).replies), [Inquiry("a")], str, 5, 2)
        assert reading.entries == ("a",)
    assert (len(first.asked), second.asked) == (2, [])


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
    Pairs[str](Counted(lambda asked: reply), 1, 100, 20, 0).gather([Unit(name) for name in "uvw"], 1, prompt, place)
    assert together == [3, 3, 3]


def test_two_empty_rounds_in_a_row_do_not_end_a_unit():
    labelling = gathered("no", "no", pairs("a"), "no", "no", pairs("b"), scale=2)
    assert [one.question for one in labelling.labels] == ["a", "b"]


def test_a_round_that_brought_nothing_is_asked_as_another_attempt():
    teacher = Scripted(in_turn("no", "[]", pairs("a"), pairs("a"), pairs("b")))
    Pairs[str](teacher, 1, 100, 20, 0).gather([Unit("u")], 2, prompt, place)
    assert [asked.attempt for asked in teacher.asked] == [0, 1, 2, 0, 1]


def test_units_are_asked_together():
    batches = []

    class Batched(Scripted):
        def ask(self, prompts):
            batches.append(len(prompts))
            return super().ask(prompts)

    teacher = Batched(lambda asked: pairs(f"{said(asked)[0]}{len(teacher.asked)}"))
    Pairs[str](teacher, 1, 100, 20, 0).gather([Unit(name) for name in "uvw"], 2, prompt, place)
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
        labelling = Pairs[str](Scripted(reply), 3, 100, 20, 0).gather([Unit(name) for name in "uvwx"], scale, prompt, step)
        drawn[scale] = labelling.labels
    for small, large in combinations(drawn, 2):
        assert [one for one in drawn[large] if one.position < small] == [one for one in drawn[small] if one.position < small]


def test_a_unit_that_has_enough_is_not_asked_about_again():
    teacher = Scripted(lambda asked: "no" if said(asked).startswith("u") else pairs("v1"))
    Pairs[str](teacher, 1, 100, 20, 0).gather([Unit("u"), Unit("v")], 1, prompt, place)
    assert [said(asked)[0] for asked in teacher.asked] == ["u", "v", "u", "u"]


def test_labels_are_ordered_by_unit():
    teacher = Scripted(lambda asked: pairs(f"{said(asked)[0]}{len(teacher.asked)}"))
    labelling = Pairs[str](teacher, 1, 100, 20, 0).gather([Unit("u"), Unit("v")], 2, prompt, place)
    assert [one.fact for one in labelling.labels] == ["u", "u", "v", "v"]


def test_an_unreadable_reply_that_is_remembered_is_asked_for_again(tmp_path):
    teacher = CachedModel(Scripted(in_turn("no", pairs("a"))), LocalStore(tmp_path).replies)
    labelling = Pairs[str](teacher, 1, 100, 20, 0).gather([Unit("u")], 1, prompt, place)
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
        labels = Pairs[str](teacher, 1, 100, 20, 0).gather([Unit("u"), Unit("v")], scale, prompt, place).labels
        drawn.append([(one.fact, one.question) for one in labels if one.position < 1])
    assert drawn[0] == drawn[1]


def test_a_filled_template_is_read_back() -> None:
    template = "List {kind} of {text}\n{x} {kind}"
    assert unfill(template, fill(template, kind="a (b", text="c {d}", x="")) == {"kind": "a (b", "text": "c {d}", "x": ""}
    assert unfill(template, "List another thing") is None


def test_a_number_in_braces_is_no_place_of_a_value() -> None:
    template = r"Years match \d{4}: {text}"
    assert unfill(template, fill(template, text="2031")) == {"text": "2031"}
