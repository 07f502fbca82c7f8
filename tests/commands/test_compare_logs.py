"""The command runner-compare prints verdicts, writes the page, and ends with a code that a script can read."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from runner.commands.compare_logs import arguments, main
from tests.commands.given import past
from tests.logs.given import BASE, DATA, TUNED, Row, answers, lines, table

ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]
LOGS = [f"base={BASE}", f"new={TUNED}", "--score", "includes"]


def ended(*words: str | Path) -> int:
    """Run the command; return its exit code."""
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in words])
    return int(str(stop.value.code))


def refused(capsys: Capture, *words: str | Path) -> str:
    assert ended(*words) == 2
    output, error = capsys.readouterr()
    assert output == ""
    return error


def test_two_logs_are_compared_in_a_table(capsys: Capture) -> None:
    assert ended(*LOGS) == 0
    output = capsys.readouterr().out
    assert "Mean score on 9 items, in % (exam, score includes)" in output
    assert "new is decidedly better than base: +77.8 points" in output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-if-worse"], 0),
        (["--fail-if-worse", "base"], 0),
        (["--fail-if-worse", "new"], 1),
        (["--fail-if-worse", "--margin", "5"], 0),
    ],
)
def test_the_exit_code_is_1_for_a_decided_loss_against_the_base_alone(words: list[str], code: int, capsys: Capture) -> None:
    assert ended(*LOGS, *words) == code
    error = capsys.readouterr().err
    assert error.startswith("FAILED: base is decidedly worse than new: −77.8 points") if code else error == ""


def test_a_loss_that_is_not_ruled_out_fails_with_a_margin(tmp_path: Path, capsys: Capture) -> None:
    file = table(tmp_path / "a.csv", [*answers("a", [1, 0] * 10), *answers("b", [1, 0] * 10)])
    assert (ended(file, "--fail-if-worse"), ended(file, "--fail-if-worse", "--margin", "2")) == (0, 1)
    assert "FAILED: b is not shown to lose fewer than 2 points against a: +0.0 points" in capsys.readouterr().err


def test_json_is_all_that_is_printed(capsys: Capture) -> None:
    assert ended(*LOGS, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["base"], [system["system"] for system in data["systems"]]) == ("base", ["base", "new"])


def test_the_report_is_one_page_with_systems_and_items(tmp_path: Path, capsys: Capture) -> None:
    assert ended(*LOGS, "--report", tmp_path / "page.html") == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Comparison of systems" in page
    assert "new is decidedly better than base" in page
    assert [f'id="{section}"' in page for section in ("arms", "pairs", "questions", "ledger", "retention")] == [True] * 3 + [
        False
    ] * 2
    assert "runner-compare base=" in page
    assert f"Report: {tmp_path / 'page.html'}" in capsys.readouterr().err


def test_options_may_stand_between_logs(capsys: Capture) -> None:
    assert ended(BASE, "--score", "includes", TUNED) == 0


def test_a_path_that_holds_an_equals_sign_is_a_path(tmp_path: Path, capsys: Capture) -> None:
    file = table(tmp_path / "a=b.csv", [*answers("x", [1]), *answers("y", [1])])
    assert ended(file) == 0
    assert ended(f"old={file}") == 0
    assert "old x" in capsys.readouterr().out


def test_past_runs_are_compared_as_run_py_does(tracking_uri: str, tmp_path: Path, capsys: Capture) -> None:
    ids = past(tracking_uri)
    words = [ids["first"], ids["large"], f"tracker.uri={tracking_uri}"]
    assert ended(*words, "--fail-if-worse", "--report", tmp_path / "page.html") == 0
    assert "over base" in capsys.readouterr().out
    assert "Comparison of labelling methods" in (tmp_path / "page.html").read_text()
    assert ended(*words, "--json") == 0
    assert [arm["arm"] for arm in json.loads(capsys.readouterr().out)["arms"]] == ["base", "fact 1x", "fact 5x"]


def test_an_unknown_id_is_refused(tracking_uri: str, capsys: Capture) -> None:
    assert "no run or sweep has an id or a key that begins so" in refused(capsys, "abcdef12", f"tracker.uri={tracking_uri}")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["absent.eval", "other.eval"], "absent.eval: no such file or folder, and no id of a past run"),
        ([str(BASE), "abcdef12"], "abcdef12 is no file, and"),
        ([str(BASE), str(BASE), "--score", "includes"], "is named twice. Name each log once"),
        ([str(BASE), "--score", "includes"], "found one system, openai-api/local/smollm2. Expected two or more"),
        ([*LOGS, "--margin", "5"], "--margin says when a check fails, and there is no check. Add --fail-if-worse"),
        ([*LOGS, "--fail-if-worse", "--margin", "0"], "--margin 0: expected percentage points between 0 and 100"),
        ([*LOGS, "--error", "5"], "--error 5: expected a rate between 0 and 1"),
        ([*LOGS, "--fail-if-worse", "old"], "no system is called 'old'. The systems are base and new"),
        (["--fail-if-worse", str(BASE), str(TUNED)], "for the name of the base. Write it behind the logs"),
        ([*LOGS, "--cluster", "topic"], "no field 'topic'. Its fields: category, fact"),
        ([*LOGS, "--report", "/absent/page.html"], "--report /absent/page.html: it can't be written"),
        ([str(BASE), str(DATA / "promptfoo.json"), "--score", "includes"], "no score is called 'includes'"),
    ],
)
def test_what_can_not_be_compared_is_refused_with_code_2(words: list[str], message: str, capsys: Capture) -> None:
    assert ended(*words) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([*answers("a", [1, 7]), *answers("b", [1, 1])], "item 1 has the score 7. Expected 0 to 1"),
        ([*answers("a", [1]), *answers("a", [0])], "item 0 has more than one score by a"),
        ([{"item": 1, "system": "a", "score": 1}, {"item": 2, "system": "b", "score": 1}], "have no graded item in common"),
        ([*answers("a", ["nan"]), *answers("b", [1])], "a: no answer is graded"),
    ],
)
def test_a_table_that_can_not_be_compared_is_refused(rows: list[Row], message: str, tmp_path: Path, capsys: Capture) -> None:
    assert message in refused(capsys, table(tmp_path / "a.csv", rows))


def test_two_logs_of_different_data_are_refused(tmp_path: Path, capsys: Capture) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        rows: list[Row] = [{"doc_id": 0, "doc": {"q": name}, "resps": [], "metrics": ["acc"], "acc": 1.0}]
        lines(tmp_path / name / "samples_t_2026-11-29T10-32-23.383731.jsonl", rows)
    assert "item 0: new and old were asked different things under this name" in refused(
        capsys, tmp_path / "old", tmp_path / "new"
    )


@pytest.mark.slow
def test_a_reader_that_has_enough_sees_no_traceback_and_an_output_in_ascii_gets_the_table() -> None:
    command = [sys.executable, "-m", "runner.commands.compare_logs", *LOGS]
    reader, writer = os.pipe()
    os.close(reader)
    try:
        unread = subprocess.run([*command, "--json"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writer)
    assert (unread.returncode, unread.stderr) == (141, "")
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    poor = subprocess.run([*command, "--fail-if-worse", "new"], capture_output=True, text=True, check=False, env=surroundings)
    assert "FAILED: base is decidedly worse than new: \\u221277.8 points" in poor.stderr
    assert (poor.returncode, "base is decidedly worse than new: \\u221277.8" in " ".join(poor.stdout.split())) == (1, True)


def test_the_package_declares_the_command() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts["runner-compare"] == f"{main.__module__}:{main.__name__}"


def test_the_help_has_examples_and_the_exit_codes() -> None:
    text = arguments().format_help()
    assert text.count("  runner-compare ") >= 6
    assert "exit codes: 0 compared; 1 a system is worse than the base" in text
