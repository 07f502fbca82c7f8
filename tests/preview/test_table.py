"""The table of a preview: what a command would ask, pay and take, what is guessed and what nobody knows."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.table import forecast, show
from tests.given import study
from tests.preview.test_forecast import OwnMethod
from tests.teacher import corpus, taught_by, teaching

NAMES = {("docs", "1"): "base", ("docs", "2"): "fact 5x"}


def test_the_table_shows_money_and_says_what_is_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true"]
    show([study(*common, "teacher.id=gpt-5-mini"), study(*common, "teacher.id=nobody-knows")], NAMES)
    output = capsys.readouterr().out
    assert "2 runs, 2 arms: base, fact 5x" in output
    assert "about $0.0" in output
    assert "unknown" in output
    assert "4 characters" in output
    assert "Batch API" not in output
    assert not (tmp_path / "store" / "labels").exists()


def test_what_was_read_of_the_corpus_is_shown_and_one_run_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true"]
    show([study(*common)], NAMES)
    output = capsys.readouterr().out
    assert "1 run, 2 arms: base, fact 5x" in output
    assert "docs: 1 document, 2 sections, 1 question, 0 human labels; asked on uncategorised" in output
    assert "1 training, 1 left to do" in output


@pytest.mark.parametrize(("sections", "advised"), [(11, True), (10, False)])
def test_a_sample_is_advised_where_it_is_smaller_than_the_corpus(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sections: int, advised: bool
) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "method=token", "preview=true"]
    text = "".join(
        f"## Cup {number}\nTeam {number} of Oslo won the cup of {1900 + number} in the rain.\n\n" for number in range(20)
    )
    (tmp_path / "docs" / "documents" / "cup.md").write_text(f"# Cups\n\n{text}")
    show([study(*common, f"corpus.sample={sections}")], NAMES)
    output = " ".join(capsys.readouterr().out.split())
    assert "It rests on the shipped recordings alone." in output
    assert ("task=label corpus.sample=10" in output) == advised


def test_a_shortage_is_shown_under_the_arms_name_in_the_sweep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), "method=human", "size=count", "size.labels=50", "preview=true"]
    (tmp_path / "docs" / "labels.jsonl").write_text('{"question": "Where was it?", "answer": "Bergen"}\n')
    points = [study(*common, f"tuner.rank={rank}") for rank in (8, 16)]
    show(points, {(point.corpus.name, point.key("tuned")): f"rank {rank}" for point, rank in zip(points, (8, 16), strict=True)})
    output = capsys.readouterr().out
    assert ["- rank 8: 50 labels" in output, "- rank 16: 50 labels" in output] == [True, True]


def test_a_size_that_asks_for_more_labels_than_there_are_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), "method=human", "size=count", "size.labels=50", "preview=true"]
    (tmp_path / "docs" / "labels.jsonl").write_text('{"question": "Where was it?", "answer": "Bergen"}\n')
    show([study(*common)], NAMES)
    assert "- human 50 labels: 50 labels asked for, there are 1; 1 would be trained on." in capsys.readouterr().out


def test_what_was_paid_before_and_the_time_of_the_rest_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    common = [*corpus(tmp_path), "method=fact"]
    with teaching() as (url, _):
        paid = study(*common, *taught_by(url), "size=5x")
        label(paid, StoreExecutor(paid))
        show([study(*common, *taught_by(url), "size=10x", "preview=true")], NAMES)
    cells = next(line for line in capsys.readouterr().out.splitlines() if "│ label" in line).split("│")[3:]
    kept, left, *_, time, before, _ = (cell.strip() for cell in cells)
    assert (kept, left) == ("6", "about 2")
    assert time.startswith("about ") and time.endswith(" s")
    assert before.startswith("$0.00")


def test_a_model_that_is_asked_by_batch_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true"]
    show([study(*common, "teacher.batch=true")], NAMES)
    assert "gpt-5-mini: by the Batch API, at its lower price; a batch may take a day." in capsys.readouterr().out


def test_studies_are_forecast_smaller_sizes_first_so_that_the_larger_one_adds_the_rest(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true", "method=fact"]
    points = [study(*common, f"size={size}") for size in ("10x", "5x")]
    orders = [forecast(studies).estimates["label", "gpt-5-mini"] for studies in (points, points[::-1])]
    assert orders[0] == orders[1]


def test_a_note_says_where_a_guess_could_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true"]
    show([replace(study(*common), method=OwnMethod(lambda reply: [int(reply)]))], NAMES)
    assert "- labels: a guessed reply could not be read (ValueError(" in capsys.readouterr().out


def test_general_questions_that_take_most_of_the_requests_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), "method=human", f"store={tmp_path}/store", "preview=true"]
    (tmp_path / "docs" / "labels.jsonl").write_text('{"question": "Where was it?", "answer": "Bergen"}\n')
    for retention, told in (("general", True), ("none", False)):
        show([study(*common, f"retention={retention}")], NAMES)
        output = " ".join(capsys.readouterr().out.split())
        # Of the shipped questions before tuning and after it; nothing in this store says how long a request takes.
        assert (" requests are general questions of retention: retention=none leaves them out" in output) == told
        assert "Time is the mean of what this store has: answer " in output


def test_a_category_acts_on_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true"]
    exam = tmp_path / "docs" / "exam.jsonl"
    exam.write_text(exam.read_text().replace("}", ', "category": "a\\u001b[2Jb"}'))
    show([study(*common)], {("docs", "1"): "fact \x1b[5m"})
    printed = capsys.readouterr().out
    assert "a [2Jb" in printed and "fact \ufffd[5m" in printed
    assert "\x1b" not in printed
