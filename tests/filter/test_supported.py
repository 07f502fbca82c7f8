"""An answer is supported if its numbers, names and most of its words stand in its section."""

import pytest
from pydantic import ValidationError

from runner.data.records import Label
from runner.filter.supported import Supported, common, stems
from tests import given

SECTION = given.section(
    "The mesh runs at 1.1 gigahertz. Its FIFO holds three flits, in the register LINK_CTRL. Ada Lund of Norway won the final 4-2 "
    "in Oslo.",
    document="mesh.md",
    heading="Clock",
)


def dropped(answer: str, question: str = "What of it?", section: str = SECTION.id) -> list[tuple[str, str]]:
    """The reasons to drop a label with this answer."""
    label = given.label(question, answer=answer, section=section)
    return [(each.extra["reason"], each.extra["detail"]) for each in Supported(share=0.6).apply([label], [SECTION]).dropped]


@pytest.mark.parametrize(
    "answer",
    [
        "1.1 GHz.",
        "At 1.1 gigahertz.",
        "3 flits",
        "Ada Lund, who is from Norway.",
        "In LINK_CTRL",
        "By 4 to 2",
        "4-2.",
        "Yes, it does.",
        "Six, since each of both holds three.",  # a count, which the section need not state
        "The Clock.",  # of the heading
    ],
)
def test_what_stands_in_the_section_in_any_usual_form_is_kept(answer: str) -> None:
    assert dropped(answer) == []


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        ("1.2 GHz.", "number not in the section", "1.2"),
        ("4-5.", "number not in the section", "5"),
        ("It is in LINK_STATUS.", "name not in the section", "status"),
        ("The winner is Bea.", "name not in the section", "bea"),
        ("Bergen.", "words not in the section", "bergen"),
        ("It melts cold butter slowly.", "words not in the section", "butter, cold, melt, slowli"),
    ],
)
def test_what_stands_nowhere_is_dropped_with_the_words_that_are_missing(answer: str, reason: str, detail: str) -> None:
    assert dropped(answer) == [(reason, detail)]


def test_a_number_or_name_of_the_question_may_be_repeated() -> None:
    assert dropped("No, 7 flits are too many for Borg.", "Would the FIFO of Borg hold 7 flits?") == []


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("300毫秒", True), ("奥斯陆的诺德比公司", True), ("铜", True), ("塑料", False), ("卑尔根的工厂", False), ("铁", False)],
)
def test_words_of_a_script_without_spaces_are_found_within_a_sentence(answer: str, kept: bool) -> None:
    section = given.section("阀门V2在300毫秒内关闭。它由奥斯陆的诺德比公司用黄铜制造。", document="valve.md")
    label = given.label("阀门V2怎么样？", answer=answer, section=section.id)
    assert bool(Supported(share=0.6).apply([label], [section]).labels) is kept


def test_a_label_of_no_section_is_kept() -> None:
    assert dropped("Bergen.", section="") == []
    assert dropped("Bergen.", section="gone.md#Away") == []


def test_the_kept_labels_stay_in_their_order() -> None:
    labels: list[Label] = [
        given.label(question, answer=answer, section=SECTION.id)
        for question, answer in (("A?", "Oslo."), ("B?", "Rome."), ("C?", "Ada."))
    ]
    result = Supported(share=0.6).apply(labels, [SECTION])
    assert [label.question for label in result.labels] == ["A?", "C?"]
    assert [label.question for label in result.dropped] == ["B?"]


def test_the_share_of_words_is_a_setting() -> None:
    label = given.label(answer="The mesh melts butter in Oslo.", section=SECTION.id)
    assert [bool(Supported(share=share).apply([label], [SECTION]).dropped) for share in (0.4, 1.0)] == [False, True]
    with pytest.raises(ValidationError, match="share"):
        Supported(share=1.1)


def test_scores_are_two_numbers_and_common_words_do_not_count() -> None:
    assert stems("The final was 4-2") >= {"4", "2", "final"}
    assert {"which", "yes", "no"} <= common()
