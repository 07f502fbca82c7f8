"""A written exam: made once before any label, kept, forecast by its requests, and taken up where it stood."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.exam_set import ExamSet
from runner.errors import Fault
from runner.pipeline.checks import check
from runner.pipeline.exam import examine_documents, with_exams
from runner.pipeline.recording import record
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.table import forecast, show
from tests.examiner import wrote
from tests.given import GivenExam, Scripted, question, said, study
from tests.teacher import corpus, taught_by, teaching

WRITTEN = ["exam=written", "exam.facts=2", "exam.questions=2"]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


@pytest.fixture
def common(tmp_path: Path) -> list[str]:
    """Overrides of a small corpus and an exam of two facts."""
    chosen = corpus(tmp_path)
    # As long as usual sections are, so that a forecast guesses facts in each.
    final = "Ada of Oslo won the cup in front of thirty thousand people. It was held in the old stadium of Bergen by the river."
    start = "The cup began on 3 May 2031 with a parade of all nine teams. The first game was played by Bob and his six brothers."
    (tmp_path / "docs" / "documents" / "cup.md").write_text(f"# Cup\n\n## Final\n{final}\n\n## Start\n{start}\n")
    return [*chosen, *WRITTEN, f"exam.folder={tmp_path}/exams"]


def ids(studies: Sequence[Study]) -> list[list[str]]:
    return [[each.id for each in single.material.questions] for single in studies]


def test_all_points_of_a_sweep_share_one_exam_whatever_they_vary(common: list[str]) -> None:
    with teaching(wrote) as (url, asked):
        points = [study(*common, *taught_by(url), *point) for point in (["seed=0"], ["seed=3", "size=1x"], ["method=token"])]
        assert all(point.exam_missing for point in points)
        written = with_exams(points)
        assert len(asked) == 8  # facts and their purpose in each of two sections, questions and check of two facts
        assert not any(point.exam_missing for point in written)
        first, *others = ids(written)
        assert others == [first, first]
        assert len(first) == 4
        # The next command finds it.
        again = with_exams([study(*common, *taught_by(url), "seed=5")])
        assert ids(again) == [first]
        assert len(asked) == 8


def test_an_examiner_that_wrote_nothing_is_asked_again_by_another_seed(common: list[str]) -> None:
    refusing = [True]
    with teaching(lambda text: "I'm sorry, but I can't help with that." if refusing else wrote(text)) as (url, asked):
        with pytest.raises(Fault, match=r"Its replies are kept, .* with exam\.seed=1$"):
            with_exams([study(*common, *taught_by(url))])
        refusing.clear()
        before = len(asked)
        with pytest.raises(Fault, match=r"exam\.seed=1$"):
            with_exams([study(*common, *taught_by(url))])
        assert len(asked) == before
        assert with_exams([study(*common, *taught_by(url), "exam.seed=1")])[0].material.questions


def test_another_examiner_or_another_document_gives_another_exam(common: list[str], tmp_path: Path) -> None:
    with teaching(wrote) as (url, _):
        own = study(*common, *taught_by(url))
        other = study(*common, *taught_by(url), "model@examiner=openai", f"examiner.base_url={url}", "examiner.id=gpt-5")
        with_exams([own, other])
        exams = [point.exam_set.origin for point in with_exams([own, other])]
        assert exams == [f"written by {name}, not checked by a person" for name in ("gpt-5-mini", "gpt-5")]
        document = tmp_path / "docs" / "documents" / "cup.md"
        document.write_text(document.read_text().replace("Ada", "Eve"))
        assert study(*common, *taught_by(url)).exam_missing


def test_a_forecast_from_nothing_counts_the_requests_that_the_exam_then_sends(common: list[str]) -> None:
    with teaching(wrote) as (url, asked):
        own = study(*common, *taught_by(url))
        foretold = forecast([own]).estimates["exam", "gpt-5-mini"]
        assert (foretold.kept.requests, foretold.left.requests, foretold.about) == (0, 8, True)
        assert asked == []
        (own,) = with_exams([own])
        paid = forecast([own]).estimates["exam", "gpt-5-mini"]
        assert (paid.kept.requests, paid.left.requests) == (len(asked), 0) == (8, 0)


def test_what_is_guessed_warns_nobody(common: list[str], caplog: pytest.LogCaptureFixture) -> None:
    own = study(*common, *taught_by("http://127.0.0.1:9/v1"), "exam.facts=90")
    forecast([own])
    assert caplog.messages == []


def test_a_shortage_of_facts_is_told_once(common: list[str], caplog: pytest.LogCaptureFixture) -> None:
    with teaching(wrote) as (url, _):
        own = study(*common, *taught_by(url), "exam.facts=90")
        with_exams([own, replace(own)])
    assert sum("4 facts with questions that pass the check, and 90 were asked for" in message for message in caplog.messages) == 1


def test_a_preview_says_that_the_exam_is_yet_to_be_written(common: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    own = study(*common, *taught_by("http://127.0.0.1:9/v1"))
    show([own], {})
    output = " ".join(capsys.readouterr().out.split())
    assert "exam: gpt-5-mini has yet to write it, and 4 questions are supposed" in output
    assert "2 sections, 4 questions" in output


def test_a_command_that_was_stopped_pays_for_no_request_twice(common: list[str]) -> None:
    def stopping(text: str) -> str:
        if "numbered questions" in text[:70]:
            raise KeyboardInterrupt
        return wrote(text)

    own = study(*common, *taught_by("http://127.0.0.1:9/v1"))
    first, second = Scripted(lambda prompt: stopping(said(prompt))), Scripted(lambda prompt: wrote(said(prompt)))
    with pytest.raises(KeyboardInterrupt):
        examine_documents(replace(own, examiner=first), StoreExecutor(own))
    assert own.exam_missing
    examine_documents(replace(own, examiner=second), StoreExecutor(own))
    before = [prompt for prompt in first.asked if "numbered questions" not in said(prompt)[:70]]
    assert not set(before) & set(second.asked)
    assert len(before) + len(second.asked) == 8


def test_two_commands_at_once_write_it_once(common: list[str]) -> None:
    with teaching(wrote) as (url, asked), ThreadPoolExecutor(2) as threads:
        points = [study(*common, *taught_by(url)) for _ in range(2)]
        written = [result for (result,) in threads.map(lambda point: with_exams([point]), points)]
        assert ids(written)[0] == ids(written)[1]
        assert len(asked) == 8


def test_the_examiner_is_checked_before_anything_is_asked(common: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    own = study(*common, "method=passage", "model@teacher=none", "model@examiner=openai")
    own = replace(own, model=Scripted(lambda prompt: ""))  # a student that needs no torch
    with pytest.raises(Fault, match="OPENAI_API_KEY"):
        check(own)
    with pytest.raises(Fault, match=r"model@teacher=none: exam=written asks .* exam=cloze"):
        check(replace(own, examiner=own.teacher))


def test_a_budget_that_the_exam_would_pass_stops_it(common: list[str]) -> None:
    with teaching(wrote) as (url, asked):
        with pytest.raises(Fault, match=r"budget\.requests"):
            with_exams([study(*common, *taught_by(url), "budget.requests=3")])
        assert len(asked) <= 3


def test_a_recording_without_this_exam_is_named_with_what_to_choose(common: list[str], tmp_path: Path) -> None:
    with teaching(wrote) as (url, _):
        record(study(*common[:-4], *taught_by(url), "exam=file", f"record={tmp_path}/said", "method=token"))
    with pytest.raises(Fault, match=r"exam=written: the recording of recorded does not hold this exam.*model@examiner=openai"):
        with_exams([study(*common, f"teacher.path={tmp_path}/said")])


def test_a_recorded_exam_needs_no_key(common: list[str], tmp_path: Path) -> None:
    with teaching(wrote) as (url, _):
        (paid,) = with_exams([study(*common, *taught_by(url), f"record={tmp_path}/said", "method=passage")])
        record(paid)
    (free,) = with_exams([study(*common, f"teacher.path={tmp_path}/said", f"store={tmp_path}/other", "method=passage")])
    assert ids([free]) == ids([paid])
    assert free.exam_set.origin == "written by recorded, not checked by a person"


def test_the_exam_of_ones_own_class_is_planned_by_sections_before_it_is_written(common: list[str]) -> None:
    own = replace(study(*common), exam=GivenExam(exam=ExamSet(questions=(question("q1"),)), asks=True))
    assert own.exam_missing
    assert len(own.material.questions) == 2
    examine_documents(own, StoreExecutor(own))
    (written,) = with_exams([own])
    assert written.material.questions == (question("q1"),)
