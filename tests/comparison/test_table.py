"""A comparison is shown in a terminal and as rows."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest

from runner.comparison import Advice, Arm, Comparison, Spread
from runner.comparison.advice import advice
from runner.comparison.compare import compare
from runner.comparison.table import paired, records, show
from tests.comparison.given import asked, baseline, empty, interval, large, pair, retention, small, trained, tuned, untrained

Capture = pytest.CaptureFixture[str]
BASE, RAG = baseline("base", 0.1, ["men"]), baseline("rag", 0.7, ["men"])
PLAIN = replace(tuned("fact", "5x", 0.625, ["men"]), retention=None, spread=None)
OTHER = replace(tuned("token", "5x", 0.5, ["men"]), retention=None, spread=None)


def made(*arms: Arm) -> Comparison:
    return replace(empty(), arms=arms, questions=12, facts=4)


def output(comparison: Comparison, capsys: Capture) -> str:
    """Show a comparison and return the printed text."""
    show(comparison)
    return capsys.readouterr().out


def cells(printed: str, start: str) -> list[str]:
    """The cells of the one row that starts so."""
    rows = [line[1:-1].replace("┃", "│").split("│") for line in printed.splitlines() if line.startswith(("│", "┃"))]
    (row,) = [row for row in rows if row[0].strip().removesuffix(" *") == start]
    return [cell.strip() for cell in row]


def test_the_title_says_what_was_asked_of_what_and_who_graded(capsys: Capture) -> None:
    assert "Accuracy on 12 questions about 4 facts, in % (corpus chip, grader match)" in output(made(BASE), capsys)


def test_a_row_shows_labels_accuracies_with_the_interval_and_the_gain_over_each_baseline(capsys: Capture) -> None:
    pairs = [pair("base", "fact 5x", 0.525), pair("rag", "fact 5x", -0.075)]
    printed = output(replace(made(BASE, RAG, PLAIN), pairs=pairs, star="fact 5x"), capsys)
    assert cells(printed, "arm") == ["arm", "labels", "men", "all", "over base", "over rag"]
    assert cells(printed, "fact 5x") == ["fact 5x *", "590", "52.5", "62.5 [55, 70]", "+52.5 better", "−7.5 ?"]
    assert cells(printed, "rag") == ["rag", "", "70.0", "70.0 [62, 78]", "", ""]


def test_a_decided_loss_against_a_baseline_is_called_worse(capsys: Capture) -> None:
    printed = output(replace(made(RAG, PLAIN), pairs=[pair("rag", "fact 5x", -0.3)]), capsys)
    assert cells(printed, "fact 5x")[-1] == "−30.0 worse"


def test_what_the_marks_mean_stands_below_the_table(capsys: Capture) -> None:
    printed = output(replace(made(BASE, PLAIN), error=0.1, star="fact 5x"), capsys)
    assert "[ ]  90% interval; the questions about one fact count as one cluster" in printed
    assert "?    not decided at the 10% level, corrected over the arms of its column (Holm)" in printed
    assert "*    the most accurate tuned arm" in printed


def test_a_pair_that_was_not_compared_is_blank(capsys: Capture) -> None:
    assert cells(output(made(BASE, PLAIN), capsys), "fact 5x")[-1] == ""


def test_the_arm_with_a_decided_gain_is_marked_and_no_other(capsys: Capture) -> None:
    printed = output(replace(made(baseline("rag", 0.9), OTHER, PLAIN), star="token 5x"), capsys)
    assert [f"{name} *" in printed for name in ("rag", "token 5x", "fact 5x")] == [False, True, False]
    assert "*" not in output(made(baseline("rag", 0.9), OTHER, PLAIN), capsys)


def test_an_arm_that_failed_the_gate_is_shown_as_failed(capsys: Capture) -> None:
    forgot = replace(PLAIN, retention=retention(lost=30, floor=0.8))
    printed = output(made(replace(OTHER, retention=retention(lost=7)), forgot), capsys)
    assert [cells(printed, name)[-1] for name in ("arm", "token 5x", "fact 5x")] == ["kept", "90% of 70", "57% of 70 FAILED"]


def test_an_arm_that_did_not_finish_is_shown_as_what_it_is_and_is_not_the_best(capsys: Capture) -> None:
    printed = output(compare([trained("1", status="FAILED")]), capsys)
    assert cells(printed, "fact 5x") == ["fact 5x", "", "failed"]
    assert "*" not in printed
    assert "- fact 5x: failed, so it is compared with nothing." in printed


def test_arms_that_were_trained_several_times_show_how_far_they_lie_apart(capsys: Capture) -> None:
    printed = output(made(BASE, replace(PLAIN, spread=Spread(training=0.021, exam=0.05))), capsys)
    assert [cells(printed, name)[4] for name in ("arm", "base", "fact 5x")] == ["±", "", "2.1"]


def test_notes_and_the_recommendation_follow_each_sentence_with_its_most_important_number(capsys: Capture) -> None:
    advised = [Advice(sentence="Take [fact 5x].", because=["base: 10% [2, 18]"], detail="Base [/b]: 10%.")]
    printed = output(replace(made(BASE), notes=["[1/2] of them :x:"], advice=advised), capsys)
    assert printed.endswith(
        "- [1/2] of them :x:\n\nRecommendation\n- Take [fact 5x]. Base [/b]: 10%.\nAll numbers: report.html\n"
    )


@pytest.mark.parametrize("name", ["fact 5x corpus.documents=[/docs/a]", "fact 5x [bold]", "fact 5x :x: \\[x]"])
def test_a_name_is_shown_as_it_is_whatever_is_in_it(capsys: Capture, name: str) -> None:
    printed = output(replace(made(BASE, OTHER, replace(PLAIN, name=name)), star=name), capsys)
    assert f"{name} *" in printed


@pytest.mark.parametrize("comparison", [small(), large(24, 30), empty(), replace(empty(), arms=[])])
def test_every_comparison_is_shown_within_the_width_and_without_the_word_none(capsys: Capture, comparison: Comparison) -> None:
    printed = output(comparison, capsys)
    assert "Recommendation" in printed
    assert max(map(len, printed.splitlines())) <= 100
    assert "None" not in printed
    assert "nan" not in printed.split()


def test_categories_that_do_not_fit_are_shown_in_a_table_of_their_own(capsys: Capture) -> None:
    printed = output(small(), capsys)
    overall, by_category = (part.split("\n", 1)[1] for part in printed.split("Accuracy ")[1:3])
    assert cells(overall, "arm") == ["arm", "labels", "all", "±", "over base", "over rag", "kept"]
    assert cells(by_category, "arm") == ["arm", "Boot", "Clocks", "Interrupts"]
    assert cells(by_category, "fact 5x") == ["fact 5x *", "52.0", "62.0", "72.0"]


def test_more_categories_than_fit_are_split_over_several_tables(capsys: Capture) -> None:
    names = [f"category {number}" for number in range(20)]
    printed = output(made(replace(BASE, categories={name: interval(0.1) for name in names})), capsys)
    headings = [[cell.strip() for cell in line[1:-1].split("┃")] for line in printed.splitlines() if line.startswith("┃")]
    assert [heading[0] for heading in headings] == ["arm"] * len(headings)
    assert [name for heading in headings[1:] for name in heading[1:]] == sorted(names)
    assert max(map(len, printed.splitlines())) <= 100


def test_long_names_of_categories_are_folded_and_never_cut(capsys: Capture) -> None:
    names = [f"{'interrupt controller of the ' * 2}first domain", "x" * 50]
    arm = replace(BASE, name=f"base {'y' * 60}", categories={name: interval(0.1) for name in names})
    printed = output(made(arm), capsys).partition("Accuracy by category")[2]
    lines = [line[1:-1].replace("┃", "│").split("│") for line in printed.splitlines() if line.startswith(("│", "┃"))]
    columns = ["".join(column).replace(" ", "") for column in zip(*lines, strict=True)]
    assert [column.removesuffix("10.0") for column in columns[1:]] == [name.replace(" ", "") for name in names]
    assert columns[0] == f"armbase{'y' * 60}"


def test_a_narrow_terminal_is_not_overrun(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for columns, widest in (("70", 70), ("300", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        printed = re.sub(r"\x1b\[[0-9;]*m", "", output(small(), capsys))
        assert max(map(len, printed.splitlines())) <= widest


def recommended(sentences: Sequence[str], capsys: Capture, detail: str = "") -> list[str]:
    """The lines of the recommendation, with its heading."""
    advised = [Advice(sentence=sentence, because=["a reason"], detail=detail) for sentence in sentences]
    return output(replace(made(BASE), advice=advised), capsys).partition("Recommendation\n")[2].splitlines()


def test_the_recommendation_has_twelve_lines_at_most_with_its_heading(capsys: Capture) -> None:
    lines = recommended([f"Sentence {number} {'word ' * 30}ends." for number in range(7)], capsys)
    assert len(lines) + 1 <= 12
    assert lines[-1] == "2 more sentences and all numbers: report.html"
    assert max(map(len, lines)) <= 100


def test_the_recommendation_of_a_usual_sweep_is_shown_whole(capsys: Capture) -> None:
    accuracies = {("token", "1x"): 0.46, ("token", "5x"): 0.71, ("fact", "1x"): 0.41, ("fact", "5x"): 0.72}
    tuned_arms = [replace(tuned(*name, accuracy), seeds=(), spread=None) for name, accuracy in accuracies.items()]
    arms = [baseline("base", 0.01), baseline("rag", 0.7), *tuned_arms]
    pairs = [
        pair(first.name, second.name, second.accuracy.estimate - first.accuracy.estimate)
        for first, second in combinations(arms, 2)
        if first.accuracy and second.accuracy
    ]
    comparison = replace(made(*arms), pairs=pairs, items=asked(30, 3))
    advised = advice(comparison)
    lines = output(replace(comparison, advice=advised), capsys).partition("Recommendation\n")[2].splitlines()
    shown = " ".join(line.removeprefix("- ").strip() for line in lines)
    assert len(lines) + 1 <= 12
    assert [each.sentence for each in advised if each.sentence not in shown] == []
    assert shown.startswith(f"{advised[0].sentence} {advised[0].detail}")


def test_numbers_are_left_out_of_the_recommendation_before_any_sentence_is(capsys: Capture) -> None:
    sentences = [f"Sentence {number}." for number in range(10)]
    assert recommended(sentences, capsys, detail="number " * 20) == [
        *(f"- {sentence}" for sentence in sentences),
        "All numbers: report.html",
    ]


def test_the_numbers_of_the_last_sentences_are_left_out_first(capsys: Capture) -> None:
    lines = recommended([f"Sentence {number}." for number in range(9)], capsys, detail="number " * 15)
    assert [line.count("number") > 0 for line in lines if line.startswith("- ")] == [True] + [False] * 8


def test_records_hold_a_flat_row_for_each_arm_with_each_category() -> None:
    base, best = records(made(replace(BASE, words=3.25), replace(PLAIN, retention=retention(lost=7))))
    assert base == {
        "arm": "base",
        "status": "FINISHED",
        "labels": 0,
        "accuracy/men": 0.1,
        "accuracy": 0.1,
        "low": pytest.approx(0.02),
        "high": pytest.approx(0.18),
        "kept": None,
        "words": 3.25,
        "usd": None,
        "run": "run-base",
    }
    assert (best["arm"], best["labels"], best["accuracy"], best["kept"]) == ("fact 5x", 590, 0.625, 0.9)


def test_records_hold_the_share_that_is_kept_of_each_kind() -> None:
    remembered = replace(retention(), kinds={"knowledge": (50, 0.5), "passages": (0, 1.0)})
    base, best = records(made(BASE, replace(PLAIN, retention=remembered)))
    assert [(row["kept/knowledge"], row["kept/passages"]) for row in (base, best)] == [(None, None), (0.5, None)]


def test_the_length_of_answers_stands_beside_the_accuracy_where_an_arm_was_refined(capsys: Capture) -> None:
    plain, refined = replace(PLAIN, words=12.0), replace(PLAIN, name="fact 5x, grpo", words=4.25, parameters={"refine": "grpo"})
    text = output(made(BASE, plain, refined), capsys)
    assert [cells(text, name)[-1] for name in ("fact 5x", "fact 5x, grpo")] == ["12.0", "4.2"]
    assert "words" in text
    assert "words" not in output(made(BASE, plain), capsys)


def test_the_kinds_of_general_questions_make_the_table_no_wider(capsys: Capture) -> None:
    remembered = replace(retention(), kinds={"knowledge": (50, 0.5), "passages": (20, 1.0)})
    tables = [output(made(BASE, replace(PLAIN, retention=each)), capsys) for each in (retention(), remembered)]
    assert tables[0] == tables[1]


def test_the_record_of_an_arm_that_did_not_finish_has_no_accuracy() -> None:
    (record,) = records(compare([trained("1", status="KILLED", metrics={"accuracy": 0.9})]))
    assert (record["status"], record["accuracy"], record["low"], record["high"]) == ("KILLED", None, None, None)


def test_a_category_that_bears_a_columns_name_overwrites_nothing() -> None:
    (record,) = records(made(replace(BASE, categories={"status": interval(0.25), "arm": interval(0.75)})))
    assert (record["arm"], record["status"], record["accuracy/status"]) == ("base", "FINISHED", 0.25)


def test_pairs_hold_a_flat_row_each_with_interval_p_verdict_and_what_could_be_seen() -> None:
    pairs = [pair("base", "fact 5x", 0.25, matched=["labels", "steps"]), pair("base", "fact 5x", 0.0, "men")]
    first, second = paired(replace(made(BASE, PLAIN), pairs=pairs))
    assert first == {
        "first": "base",
        "second": "fact 5x",
        "category": "all",
        "difference": 0.25,
        "low": pytest.approx(0.16),
        "high": pytest.approx(0.34),
        "p": pytest.approx(0.0008),
        "verdict": "better",
        "detectable": 0.12,
        "error": 0.05,
        "about": "models",
        "matched": "labels, steps",
    }
    assert (second["category"], second["verdict"], second["matched"]) == ("men", "not decided", "")


def test_a_comparison_without_arms_has_no_rows() -> None:
    assert (records(compare([])), paired(compare([]))) == ([], [])


def test_rows_follow_from_what_was_tracked(capsys: Capture) -> None:
    comparison = compare([untrained("base", "-" * 10), trained("1", "+" * 10)])
    assert cells(output(comparison, capsys), "fact 5x")[-1] == "+100.0 better"
    assert [record["accuracy"] for record in records(comparison)] == [0.0, 1.0]
    assert [(row["difference"], row["verdict"]) for row in paired(comparison)] == [(1.0, "better")]


def test_what_an_arm_cost_is_shown_where_anybody_was_paid(capsys: Capture) -> None:
    paid = replace(PLAIN, costs={"cost/usd": 1.5, "cost/usd_per_point": 0.03})
    unknown = replace(OTHER, costs={"cost/usd": float("nan")})
    printed = output(made(BASE, unknown, paid), capsys)
    costs = [cells(printed, name)[-2:] for name in ("arm", "base", "token 5x", "fact 5x")]
    assert costs == [["paid", "a point"], ["", ""], ["unknown", ""], ["$1.50", "$0.03"]]
    assert "paid     for the arm's replies" in printed
    assert "paid" not in output(made(BASE, PLAIN), capsys)


def test_names_and_notes_of_others_act_on_no_terminal(capsys: Capture) -> None:
    acts = "x\x1b[2J\u202e"
    arm = replace(baseline("base", 0.1, [acts]), name=f"base {acts}")
    printed = output(replace(made(arm), notes=[acts], origin=(acts,)), capsys)
    assert not {"\x1b", "\u202e"} & set(printed)
    assert printed.count("x\ufffd[2J\ufffd") == 4  # the arm, its category, the origin and a note


def test_the_title_says_that_no_person_wrote_the_exam(capsys: Capture) -> None:
    printed = output(replace(made(BASE), written="written by m, not checked by a person; and so on"), capsys)
    assert "(corpus chip, exam written by m, not checked by a person, grader match)" in " ".join(printed.split())
