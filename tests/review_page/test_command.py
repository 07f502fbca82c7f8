"""The command: targets, options, the report, and a port in use."""

from pathlib import Path

import pytest

from runner.review_page.command import main
from runner.web.addresses import listening


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "cup.md").write_text("# The Cup\n\n## Final\n\nAda won the cup.\n")
    (folder / "labels.jsonl").write_text('{"question": "Who won?", "answer": "Ada", "section": "cup.md#Final"}\n')
    return folder


def run(*words: str) -> int | str | None:
    try:
        main(words)
    except SystemExit as end:
        return end.code
    return 0


def test_a_folders_items_are_reported_and_exported(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(corpus), f"store={tmp_path}/store", "--report", "--export", str(tmp_path / "items.csv")) == 0
    assert "label: 0 of 1 reviewed" in capsys.readouterr().out
    assert "Who won?" in (tmp_path / "items.csv").read_text(encoding="utf-8")


def test_a_port_in_use_is_named(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with listening("127.0.0.1", 0) as taken:
        assert run(str(corpus), f"store={tmp_path}/store", "--port", str(taken.getsockname()[1])) == 1
    assert "is in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["corpus=quick", "--overlap", "2"], "between 0 and 1"),
        (["corpus=quick", "--reviewers", "ada,ada"], "stands twice"),
        (["corpus=quick", "--host", "0.0.0.0", "--key", "NO_SUCH_KEY"], "there is no key"),
        (["./nowhere"], "no such folder"),
    ],
)
def test_what_can_not_be_meant_is_refused(words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) in (1, 2)
    assert reason in capsys.readouterr().err
