"""Labels are linked to the exam's facts that they state, and not to those that they only touch on."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from runner.corpus.folder import Folder
from runner.data.records import Label, Question
from runner.exam_checks import fact_links
from runner.exam_checks.fact_links import linked

ROOT = Path(__file__).resolve().parents[2]
BASICS, CLOCKS = "chip.md#Basics", "chip.md#Clocks"
CHANNELS = "The converter ADC1 of the chip has 12 channels."
SUPPLY = "The chip runs at 48 MHz from a supply of 3.3 V."
RESET = "The register CTRL_A of the chip resets to 0x1F."


def asked(name: str, text: str, answer: str, fact: str, section: str = BASICS, aliases: tuple[str, ...] = ()) -> Question:
    return Question(id=name, question=text, answer=answer, category="chip", section=section, fact=fact, aliases=aliases)


EXAM = [
    asked("channels", "How many channels does the converter ADC1 have?", "12", CHANNELS),
    asked("converter", "Which converter has 12 channels?", "ADC1", CHANNELS),
    asked("speed", "How fast does the chip run?", "48 MHz", SUPPLY),
    asked("supply", "What supply does the chip run from?", "3.3 V", SUPPLY, aliases=("3.3 volts",)),
    asked("reset", "What does the register CTRL_A of the chip reset to?", "0x1F", RESET),
    asked("maker", "Who makes the chip?", "Acme", "", section=CLOCKS),
]


LABEL = Label(question="", answer="", method="token", section=BASICS, category="chip", origin="test", position=0)


def stated(question: str, answer: str, section: str = BASICS, exam: Sequence[Question] = EXAM) -> set[str]:
    """The facts of one label."""
    return set(linked([replace(LABEL, question=question, answer=answer, section=section)], exam)[0])


@pytest.mark.parametrize(
    ("question", "answer", "fact"),
    [
        ("How many channels has the converter ADC1?", "12.", CHANNELS),
        ("Name the converter with a dozen channels, twelve to be exact.", "It is ADC1.", CHANNELS),
        ("At which clock speed is the chip running?", "48 megahertz", SUPPLY),
        ("Which voltage supplies it?", "3.3 volts", SUPPLY),
        ("To what value is CTRL_A reset?", "To 0x1f", RESET),
    ],
)
def test_a_label_states_a_fact_in_other_words(question: str, answer: str, fact: str) -> None:
    assert stated(question, answer) == {fact}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many channels does the converter ADC1 have?", "10"),
        ("How fast does the chip run?", "72 MHz"),
        ("What does the register CTRL_A of the chip reset to?", "0xF1"),
    ],
)
def test_a_label_with_another_number_does_not_state_the_fact(question: str, answer: str) -> None:
    assert stated(question, answer) == set()


def test_a_side_of_a_score_agrees_with_it() -> None:
    exam = [asked("score", "Whom did Ada beat 4-2?", "Bob", "Ada beat Bob 4-2.")]
    assert stated("How many points did Ada score against Bob?", "Four", exam=exam) == {"Ada beat Bob 4-2."}
    assert stated("How many points did Ada score against Bob?", "Five", exam=exam) == set()


SECTION = "It has a supply of 3.3 V and runs at 48 MHz. Its converter ADC1 has 12 channels. CTRL_A resets to 0x1F."


def test_a_text_states_every_fact_in_it() -> None:
    assert stated("", SECTION) == {CHANNELS, SUPPLY, RESET}
    named = asked("core", "Which core does the chip have?", "Elm", "The core of the chip is called Elm.")
    # None of the numbers in the text is in this fact.
    assert named.fact in stated("", f"{SECTION} Its core is called Elm.", exam=[*EXAM, named])


def test_a_text_states_no_fact_whose_answer_it_lacks() -> None:
    assert stated("", "The converter ADC1 of the chip has channels.") == {CHANNELS}  # ADC1 answers a question on it
    assert stated("", "The chip runs from a supply of 5 V, and the register CTRL_A resets to 0x2F.") == set()


def test_a_text_repeats_most_of_a_fact_whose_section_nobody_names() -> None:
    exam = [replace(question, section="") for question in EXAM]
    assert stated("", SECTION, exam=exam) == {CHANNELS, SUPPLY, RESET}
    assert stated("", "A bus of 12 lanes, with ADC2 beside it, resets to 0x1F.", exam=exam) == set()


def test_a_label_may_state_two_facts() -> None:
    found = stated(
        "How fast does the chip run from its 3.3 V supply, and how many channels has its converter ADC1?", "48 MHz; 12"
    )
    assert found == {SUPPLY, CHANNELS}


@pytest.mark.parametrize(
    ("question", "answer"), [("Which colour is the chip?", "Black"), ("What does the chip do?", "It runs."), ("?", "!")]
)
def test_a_label_may_state_no_fact(question: str, answer: str) -> None:
    assert stated(question, answer) == set()


def test_a_question_without_a_fact_stands_for_one() -> None:
    assert EXAM[-1].cluster == "maker"
    assert stated("Which company makes the chip?", "Acme", CLOCKS) == {"maker"}


def test_a_fact_may_be_named_by_an_id() -> None:
    ids = {CHANNELS: "F-001", SUPPLY: "2", RESET: "reset value", "": ""}
    exam = [replace(question, fact=ids[question.fact]) for question in EXAM]
    assert stated("How many channels has the converter ADC1?", "12.", exam=exam) == {"F-001"}
    assert stated("At which clock speed is the chip running?", "48 megahertz", exam=exam) == {"2"}
    assert stated("To what value is CTRL_A reset?", "To 0x1f", exam=exam) == {"reset value"}


def test_the_same_words_count_for_less_from_another_section() -> None:
    brief = ("Which converter is it?", "ADC1")
    assert stated(*brief) == {CHANNELS}
    assert stated(*brief, section=CLOCKS) == stated(*brief, section="other.md#Basics") == set()


def test_a_fact_stated_in_full_counts_from_any_section() -> None:
    full = ("How many channels does the converter ADC1 of the chip have?", "12 channels")
    assert stated(*full, section=CLOCKS) == stated(*full, section="") == {CHANNELS}


def test_a_label_states_only_the_fact_that_it_covers_best() -> None:
    other = "The converter ADC2 of the chip has 12 channels."
    exam = [*EXAM, asked("second", "How many channels does the converter ADC2 have?", "12", other)]
    assert stated("How many channels does the converter ADC2 have?", "12", exam=exam) == {other}


def test_the_fact_that_a_label_names_does_not_count() -> None:
    label = Label(question="Which colour is it?", answer="Black", method="fact", section=BASICS, category="chip", fact=RESET,
                  origin="test", position=0)  # fmt: skip
    assert linked([label], EXAM) == [frozenset()]


def test_of_no_labels_or_no_questions_nothing_is_linked() -> None:
    label = Label(question="Who?", answer="Acme", method="token", section=BASICS, category="chip", origin="test", position=0)
    assert linked([], EXAM) == []
    assert linked([label, label], []) == [frozenset(), frozenset()]


def test_nearly_all_links_of_hand_checked_labels_are_found_and_right() -> None:
    rows = [json.loads(line) for line in (ROOT / "tests" / "links.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["sample"] == "held out"]
    labels = [
        Label(question=row["question"], answer=row["answer"], section=row["section"], method="token", category="",
              origin="test", position=0)
        for row in rows
    ]  # fmt: skip
    found = linked(labels, Folder(path=str(ROOT / "runner" / "corpus" / "sports")).read().questions)
    right = sum(len(facts & set(row["facts"])) for facts, row in zip(found, rows, strict=True))
    true = sum(len(row["facts"]) for row in rows)
    assert true >= 100
    assert right / sum(map(len, found)) >= 0.86
    assert right / true >= 0.84


def test_labels_that_are_linked_in_blocks_state_the_same(monkeypatch) -> None:
    pairs = [("How fast does the chip run?", "48 MHz"), ("Which converter has 12 channels?", "ADC1"), ("Who makes it?", "Acme")]
    labels = [replace(LABEL, question=question, answer=answer) for question, answer in pairs]
    whole = linked(labels, EXAM)
    monkeypatch.setattr(fact_links, "BLOCK", 2)
    assert linked(labels, EXAM) == whole == [{SUPPLY}, {CHANNELS}, {"maker"}]


def test_a_label_in_a_script_without_spaces_states_its_fact() -> None:
    exam = [asked("city", "首都在哪里？", "卑尔根", "首都在卑尔根。"), asked("deep", "深度是多少？", "64", "深度为64字节。")]
    assert stated("首都叫什么？", "首都是挪威的卑尔根。", exam=exam) == {"首都在卑尔根。"}
