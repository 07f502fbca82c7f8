"""The page of a comparison: what it says, in which order, and that texts stay texts."""

import base64
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from runner.comparison import Comparison, Response
from runner.comparison.page import page
from tests.comparison.given import HOSTILE, baseline, empty, items, large, pair, retention, small, tuned

VOID = {"meta", "link", "input", "br", "img", "hr"}
OPTIONAL = {"td", "tr"}  # their end tags may be left out


class Reader(HTMLParser):
    """The elements of a page, with attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while tag in OPTIONAL and self.open and self.open[-1][0] in ({"td"} if tag == "td" else OPTIONAL):
            self.open.pop()
        words: list[str] = []
        self.elements.append((tag, dict(attrs), words))
        if tag not in VOID:
            self.open.append((tag, words))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, words in self.open:
            words.append(data)

    def texts(self, tag: str, **wanted: str) -> list[str]:
        """The text of every such element, without repeated spaces."""
        chosen = (
            words for name, had, words in self.elements if name == tag and all(had.get(key) == wanted[key] for key in wanted)
        )
        return [" ".join("".join(words).split()) for words in chosen]

    def rows(self, label: str) -> list[list[str]]:
        """The cells of the table in this region.

        The rows of its head are left out.
        """
        rows: list[list[str]] = []
        inside = body = False
        for tag, had, words in self.elements:
            if had.get("role") == "region":
                inside, body = had.get("aria-label") == label, False
            body = body or tag == "tbody"
            if inside and body and tag == "tr":
                rows.append([])
            if inside and body and rows and tag in {"th", "td"}:
                rows[-1].append(" ".join("".join(words).split()))
        return rows


def read(comparison: Comparison) -> Reader:
    return Reader(page(comparison))


def visible(comparison: Comparison) -> str:
    """The text of the page before any script runs."""
    return " ".join(read(comparison).texts("header") + read(comparison).texts("main"))


def unpacked(text: str) -> Any:
    """The questions that a page holds for its script."""
    (packed,) = Reader(text).texts("script", id="question-data")
    return json.loads(zlib.decompress(base64.b64decode(packed)))


@pytest.fixture(scope="module")
def whole() -> Reader:
    return read(small())


def test_the_sections_come_in_the_order_in_which_one_decides(whole: Reader) -> None:
    assert whole.texts("h2") == [
        "Recommendation",
        "Limits of these numbers",
        "Arms",
        "Learning curves",
        "Pairs",
        "Coverage",
        "Training success",
        "Retention",
        "Seeds",
        "Questions",
        "Graders",
        "Ledger and costs",
    ]


def test_the_headline_names_corpus_command_exam_grader_and_error_rate(whole: Reader) -> None:
    (headline,) = whole.texts("dl", **{"class": "known"})
    assert whole.texts("h1") == ["chip"]
    for words in (
        "12 questions, 4 facts",
        "judge",
        "5% (95% intervals)",
        "0123456789ab",
        "run.py -m method=token,fact,human size=1x,5x",
    ):
        assert words in headline


def test_each_advice_can_be_opened_for_what_it_rests_on(whole: Reader) -> None:
    (first, second) = whole.texts("details")[:2]
    assert "fact 5x is at 62.0% token 5x is at 55.0%" in first.replace("62.0%token", "62.0% token")
    assert "rag is at 72.0%" in second


def test_an_arm_is_told_with_interval_labels_gain_and_gap(whole: Reader) -> None:
    rows = {row[0].split(" best")[0]: row for row in whole.rows("Table of arms")}
    assert rows["fact 5x"][1:6] == ["62.0%54.0 to 70.0", "590", "+54.0better", "−10.0worse", "12.4"]


def test_the_best_arm_is_marked_and_is_not_one_that_failed_its_gate() -> None:
    strong = replace(tuned("token", "5x", 0.9), retention=retention(0.4, lost=30))
    names = [row[0] for row in read(replace(small(), items=(), arms=[tuned("fact", "5x", 0.6), strong])).rows("Table of arms")]
    assert names == ["fact 5x best tuned", "token 5x gate failedkept 57.1% of the known, floor 80.0%"]


def test_what_was_kept_of_each_kind_stands_under_the_share_of_all() -> None:
    remembered = replace(retention(), kinds={"knowledge": (50, 0.9), "passages": (0, 1.0)})
    arm = replace(tuned("fact", "5x", 0.6), retention=remembered)
    (row,) = read(replace(small(), items=(), arms=[arm])).rows("Table of retention")
    assert "88.6%of 70knowledge 90.0% of 50passages none known" in row


def test_an_arm_that_failed_is_shown_with_its_status_and_no_numbers(whole: Reader) -> None:
    (row,) = [row for row in whole.rows("Table of arms") if row[0].startswith("human full")]
    assert (row[0], set(row[1:])) == ("human full failed", {""})


def test_a_gap_is_told_from_the_side_of_the_arm_whichever_way_the_pair_was_compared() -> None:
    arms = [baseline("rag", 0.7, []), tuned("fact", "1x", 0.4, [])]
    for compared in (pair("rag", "fact 1x", -0.3), pair("fact 1x", "rag", 0.3)):
        (_, row) = read(replace(small(), items=(), arms=arms, pairs=[compared])).rows("Table of arms")
        assert row[3] == "−30.0worse"


def test_a_difference_that_was_not_tested_has_no_verdict() -> None:
    arms = [baseline("base", 0.1, []), tuned("fact", "1x", 0.4, [])]
    (_, row) = read(replace(small(), items=(), arms=arms, pairs=[])).rows("Table of arms")
    assert row[3] == "+30.0not tested"


def test_a_pair_that_is_not_decided_tells_the_smallest_difference_it_could_have_seen() -> None:
    close, clear = pair("token 1x", "fact 1x", 0.03, matched=["labels", "steps"]), pair("base", "fact 1x", 0.33)
    first, second = read(replace(small(), pairs=[close, clear])).rows("Table of pairs")
    assert first == ["token 1x", "fact 1x", "all", "+3.0−6.0 to +12.0", "0.620", "not decided", "12.0", "labels, steps"]
    assert second[5:] == ["better", "", ""]


def test_a_pair_that_no_difference_could_have_decided_says_so() -> None:
    close = pair("token 1x", "fact 1x", 0.03)
    close = replace(close, difference=replace(close.difference, detectable=None))
    few = replace(close, difference=replace(close.difference, facts=4, lacking=8))
    rows = read(replace(small(), pairs=[close, few])).rows("Table of pairs")
    assert [row[6] for row in rows] == ["none", "none: too few facts"]


def test_the_ledger_writes_its_reasons_in_words_and_none_as_nothing() -> None:
    rows = [{"stage": "labels", "filtered": {"too long": 2, "no question": 1}, "failed": {}}]
    text = page(replace(small(), arms=[replace(arm, ledger=rows) for arm in small().arms]))
    assert "2 too long, 1 no question" in text
    assert "{}" not in text.partition('id="ledger"')[2].partition("Runs and settings")[0]


def test_pairs_of_a_category_wait_behind_the_filter(whole: Reader) -> None:
    bodies = {
        had["data-category"]: "hidden" in had for tag, had, _ in whole.elements if tag == "tbody" and "data-category" in had
    }
    assert bodies == {"": False, "Boot": True, "Clocks": True, "Interrupts": True}


def test_categories_that_differ_by_capitals_alone_stand_apart() -> None:
    pairs = [pair("base", "fact 1x", gain, category=category) for category, gain in (("A", 0.3), ("a", 0.0))]
    bodies = [
        had["data-category"]
        for tag, had, _ in read(replace(small(), pairs=pairs)).elements
        if tag == "tbody" and "data-category" in had
    ]
    assert bodies == ["A", "a"]


def test_seeds_ledger_and_costs_are_told_of_each_arm(whole: Reader) -> None:
    assert whole.rows("Table of seeds")[0] == ["fact 1x", "41.0%33.0 to 49.0", "39.0%, 41.0%, 43.0%", "2.0", "4.7"]
    assert whole.rows("Ledger")[0] == ["fact 1x", "labels", "129", "120", "7", "2"]
    assert whole.rows("Table of costs")[2] == ["fact 1x", "", "7,560", "12.2 s", "20 min 34 s", "88"]


def test_agreement_of_graders_is_told_for_all_answers_and_for_parts_of_them(whole: Reader) -> None:
    assert whole.rows("Table of graders") == [
        ["judge and match", "all", "12", "75.0%", "2", "1", "0.710.63 to 0.79"],
        ["judge and match", "of base", "4", "50.0%", "2", "0", ""],
    ]


def test_a_judge_that_was_not_compared_with_people_is_told_of(whole: Reader) -> None:
    assert any("The judge’s agreement with people was not measured" in text for text in whole.texts("p"))
    assert "The judge's agreement with people was not measured." in whole.texts("li")


def test_every_table_has_a_caption_and_a_region_that_can_be_scrolled_by_keyboard(whole: Reader) -> None:
    tags = [tag for tag, _, _ in whole.elements]
    regions = [had for _, had, _ in whole.elements if had.get("role") == "region"]
    assert tags.count("table") == tags.count("caption") == len(regions) > 5
    assert all(had["tabindex"] == "0" and had["aria-label"] for had in regions)


def test_every_figure_has_a_text_alternative_with_numbers(whole: Reader) -> None:
    images = [had["aria-label"] or "" for _, had, _ in whole.elements if had.get("role") == "img"]
    assert len(images) == 7
    assert all(re.search(r"\d", text) for text in images)


def test_every_link_leads_to_a_section_of_the_page(whole: Reader) -> None:
    links = [(had["href"] or "").removeprefix("#") for tag, had, _ in whole.elements if tag == "a"]
    assert set(links) <= {had.get("id") for _, had, _ in whole.elements}


def test_the_page_refers_to_nothing_outside_itself(whole: Reader) -> None:
    outside = [had for tag, had, _ in whole.elements if had.get("src") or tag in {"link", "img", "iframe", "base"}]
    assert outside == []
    assert re.findall(r"url\(|@import", " ".join(whole.texts("style"))) == []


@pytest.mark.parametrize("comparison", [small(), empty(), large(5, 20)], ids=["small", "empty", "large"])
def test_what_is_missing_is_blank_or_explained_and_never_the_word_none(comparison: Comparison) -> None:
    assert re.findall(r"\bNone\b|\bnan\b|Undefined", visible(comparison)) == []


def test_a_sweep_of_which_nothing_finished_says_so_in_every_section() -> None:
    words = visible(empty())
    for sentence in (
        "no tuned arm was graded",
        "fact 1x failed",
        "Not drawn",
        "No pairs",
        "No answers were kept",
        "Costs were not measured",
    ):
        assert sentence in words


def test_a_comparison_without_arms_is_a_page_too() -> None:
    assert "There are no arms." in visible(replace(empty(), arms=[]))


def test_an_exam_of_one_question_without_facts_is_a_page_too() -> None:
    arm = replace(
        tuned("fact", "1x", 1.0, []), coverage=None, retention=None, spread=None, seeds=(), losses=(), costs={}, ledger=()
    )
    single = [replace(item, fact="") for item in items([arm], 1)]
    words = visible(replace(empty(), arms=[arm], questions=1, items=single))
    assert "1 question, 0 facts" in words
    assert "the exam names no facts" in words


def test_the_questions_hold_every_answer_its_grade_and_who_was_taught() -> None:
    content = unpacked(page(small()))
    first = small().items[1]
    _, question, reference, category, fact, disputed, responses, labelled = content["rows"][1]
    assert (question, reference, fact, bool(disputed)) == (first.question, first.reference, first.fact, first.disputed)
    assert content["categories"][category] == first.category
    assert {content["arms"][arm]: (text, passed, graded) for arm, text, _, passed, graded in responses} == {
        name: (response.text, response.passed, 1) for name, response in first.responses.items()
    }
    assert [content["arms"][arm] for arm in labelled] == first.labelled


def test_a_very_long_answer_is_cut_and_the_page_knows_by_how_much() -> None:
    item = replace(small().items[0], responses={"base": Response(text="x" * 2400, passed=None)})
    ((_, text, cut, passed, _),) = unpacked(page(replace(small(), items=[item])))["rows"][0][6]
    assert (len(text), cut, passed) == (2000, 400, None)


def hostile() -> Comparison:
    """A comparison with the same hostile text in every field."""
    arm = replace(tuned("fact", "1x", 0.4, [HOSTILE]), name=HOSTILE, line=HOSTILE, size=HOSTILE, shortage=HOSTILE, run=HOSTILE)
    arm = replace(arm, parameters={HOSTILE: HOSTILE}, costs={HOSTILE: 1.0}, ledger=({HOSTILE: HOSTILE},))
    other = baseline("base", 0.1, [HOSTILE])
    given = [replace(item, question=HOSTILE, reference=HOSTILE) for item in items([arm, other], 2)]
    answered = [replace(item, responses={arm.name: Response(text=HOSTILE, passed=0.0)}) for item in given]
    advice = [replace(small().advice[0], sentence=HOSTILE, because=[HOSTILE])]
    comparison = replace(small(), command=HOSTILE, corpus=HOSTILE, exam=HOSTILE, grader=HOSTILE, notes=[HOSTILE], advice=advice)
    return replace(
        comparison, arms=[other, arm], items=answered, pairs=[pair("base", arm.name, 0.3, HOSTILE), pair("base", arm.name, 0.3)]
    )


def test_text_that_looks_like_markup_or_a_template_stays_text() -> None:
    reader = read(hostile())
    tags = [tag for tag, _, _ in reader.elements]
    assert (tags.count("b"), tags.count("img"), tags.count("html")) == (0, 0, 1)
    assert [had for tag, had, _ in reader.elements if tag == "script" and not (set(had) <= {"id", "type"})] == []
    assert tags.count("script") == 4
    assert reader.texts("h1") == [" ".join(HOSTILE.split())]
    assert [" ".join(HOSTILE.split())] == reader.texts("p")[1:2]
    json.loads(next("".join(words) for tag, had, words in reader.elements if had.get("id") == "specifications"))
    assert unpacked(page(hostile()))["rows"][0][6][0][1] == HOSTILE


def test_half_a_character_in_an_answer_does_not_stop_the_page_from_being_saved() -> None:
    item = replace(small().items[0], responses={"base": Response(text="cut \ud83d off", passed=0.0)})
    page(replace(small(), corpus="half \ud83d", items=[item])).encode()


def test_the_largest_page_stays_below_five_megabytes_however_long_the_answers() -> None:
    text = page(replace(large(), items=items(large().arms, 2000, words=60)))
    assert len(text.encode()) < 5e6
    assert {len(answer) for row in unpacked(text)["rows"] for _, answer, cut, *_ in row[6] if cut} == {250}


def test_a_page_of_logs_without_answers_says_so_to_its_script() -> None:
    answered = unpacked(page(replace(small(), base="base")))
    item = replace(small().items[0], responses={"base": Response(text="", passed=1.0)})
    silent = unpacked(page(replace(small(), base="base", items=[item])))
    assert (answered["answered"], silent["answered"], unpacked(page(replace(small(), items=[item])))["answered"]) == (
        True,
        False,
        True,
    )


def test_the_headline_says_that_no_person_wrote_the_exam() -> None:
    (headline,) = read(replace(small(), written="written by m, not checked by a person")).texts("dl", **{"class": "known"})
    assert "written by m, not checked by a person" in headline
