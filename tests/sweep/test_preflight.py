"""Points are built and checked before anything is paid for, and all faults are said at once."""

from pathlib import Path

import pytest

from runner.errors import Fault, InvalidInput
from runner.sweep.preflight import check_place, checked, forecast, power, preview
from tests import given
from tests.sweep.given import corpus, point
from tests.teacher import corpus as paid_corpus
from tests.teacher import taught_by


def test_a_store_that_can_not_be_written_is_said_before_a_sweep_starts(tmp_path: Path, student: list[str]) -> None:
    (tmp_path / "file").write_text("")
    store, uri = f"store={tmp_path}/file/store", f"tracker.uri=sqlite:///{tmp_path}/new/mlflow.db"
    with pytest.raises(Fault, match=r"the store .*file/store can't be written"):
        checked([point(*student, store, uri)])
    assert not (tmp_path / "new").exists()


def test_the_faults_of_all_points_are_said_each_once_with_the_exit_code_of_invalid_input() -> None:
    points = [point(f"seeds={seeds}", f"recall={recall}") for seeds in (0, 1) for recall in (-1, 5)]
    with pytest.raises(InvalidInput) as caught:
        checked(points, usable=False)
    assert sorted(str(caught.value).splitlines()) == [
        "recall: found -1, expected a whole number from 0",
        "seeds: found 0, expected a whole number from 1 to 1000, or auto",
    ]
    assert caught.value.exit_code == 2


def test_a_sweep_exports_no_model(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"a sweep makes several models\. Run the one that you want without -m"):
        checked([point(f"export={tmp_path}/model", "hydra.mode=MULTIRUN")], usable=False)


def test_points_that_are_only_previewed_need_no_tracking_store_and_no_key(tmp_path: Path) -> None:
    overrides = [*paid_corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "tracker.uri=http://127.0.0.1:9"]
    (study,) = checked([point(*overrides)], usable=False)
    assert study.teacher.name == "gpt-5-mini"


def test_a_model_that_can_not_answer_is_said_before_a_sweep_starts(
    tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    overrides = [*paid_corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), f"tracker.uri={tracking_uri}"]
    with pytest.raises(InvalidInput, match="OPENAI_API_KEY"):
        checked([point(*overrides)])


def test_a_finished_study_needs_no_key(tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    overrides = [*paid_corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), f"tracker.uri={tracking_uri}"]
    study = given.study(*overrides)
    with study.tracker.run(study.corpus.name, study.key("tuned"), "n", {}):
        pass
    assert len(checked([point(*overrides)])) == 1


def test_each_place_is_tried_once(tmp_path: Path, tracking_uri: str) -> None:
    study = given.study(*corpus(tmp_path / "docs", "Who won?"), f"store={tmp_path}/store", f"tracker.uri={tracking_uri}")
    places: set[tuple[str, ...]] = set()
    check_place(study, places)
    assert len(places) == 1
    (tmp_path / "store").rmdir()
    check_place(study, places)
    assert not (tmp_path / "store").exists()


def test_a_folder_of_the_exam_that_can_not_be_made_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    chosen = ["exam=cloze", "method=human", f"exam.folder={tmp_path}/file/exams"]
    with pytest.raises(InvalidInput, match=r"exam\.folder=.*/file/exams: can't be written\. Name another folder"):
        checked([point(*chosen)], usable=False)
    # Labels alone write no exam.
    assert checked([point(*chosen, "task=label")], usable=False)


def test_a_preview_lists_every_arm_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*paid_corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true", "method=fact"]
    preview([given.study(*common, f"size={size}") for size in ("1x", "5x")])
    assert "2 runs, 4 arms: base, rag, fact 1x, fact 5x" in capsys.readouterr().out


def test_a_preview_of_labels_alone_counts_the_teachers_requests_and_no_arm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = [*paid_corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true", "method=fact", "task=label"]
    (tmp_path / "docs" / "exam.jsonl").unlink(missing_ok=True)
    preview([given.study(*common, f"size={size}") for size in ("1x", "5x")])
    output = capsys.readouterr().out
    assert "2 runs, labels alone: fact 1x, fact 5x" in output
    assert "label" in output
    assert not [word for word in ("answer", "grade", "training") if f"{word} " in output]


def test_labels_alone_export_no_model_and_take_no_exam(tmp_path: Path) -> None:
    words = [*corpus(tmp_path / "docs", "Who won?"), "method=human", "task=label"]
    with pytest.raises(InvalidInput, match=r"export=.*task=label trains no model"):
        checked([point(*words, f"export={tmp_path}/model")])
    with pytest.raises(InvalidInput, match="power=true: task=label takes no exam"):
        power([given.study(*words)])
    with pytest.raises(InvalidInput, match=r"labels_to=.*something is there already"):
        checked([point(*words, f"labels_to={tmp_path}/docs")])


@pytest.mark.parametrize("name", ["suppose.accuracy", "error", "margin"])
def test_several_suppositions_for_one_table_are_refused(tmp_path: Path, name: str) -> None:
    common = ["method=human", f"store={tmp_path}/store", *corpus(tmp_path, "Who won?")]
    values = (50, 70) if name != "error" else (0.05, 0.1)
    with pytest.raises(InvalidInput, match=rf"several values of {name.split('.')[0]} are swept"):
        power([given.study(*common, f"{name}={value}") for value in values])


def test_the_power_is_told_for_each_exam_with_the_fewest_trainings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exams = [
        corpus(tmp_path / name, *(f"Who won {place}?" for place in range(facts))) for name, facts in (("small", 8), ("large", 20))
    ]
    common = ["method=human", f"store={tmp_path}/store", "tracker.uri=http://127.0.0.1:9"]
    power([given.study(*common, *exam, f"seeds={seeds}", f"size={seeds}x") for exam in exams for seeds in (5, 1)])
    output = capsys.readouterr().out
    lines = [line for line in output.splitlines() if line.startswith("cup:")]
    assert lines == [
        "cup: 8 questions on 8 facts; base, rag, human 5x seeds=5, human 1x seeds=1",
        "cup: 20 questions on 20 facts; base, rag, human 5x seeds=5, human 1x seeds=1",
    ]
    assert [line.split()[1:3] for line in output.splitlines() if "│ " in line and " * " in line] == [["*", "1"]] * 2


def test_the_power_of_auto_is_at_the_error_of_its_last_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [*corpus(tmp_path / "docs", "Who won?"), "method=human", f"store={tmp_path}/store", "tracker.uri=http://127.0.0.1:9"]
    assert forecast([point(*common, "seeds=auto", "most_seeds=4", "power=true")])
    assert "at an error of 3.33%, that of the last look of seeds=auto" in " ".join(capsys.readouterr().out.split())


def test_a_preview_of_auto_counts_the_most_trainings_and_sums_up_the_fewest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = [*paid_corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "retention=none", "recall=0", "seeds=auto"]
    assert forecast([point(*common, f"size={size}", "preview=true") for size in ("1x", "5x")])
    output = " ".join(capsys.readouterr().out.split())
    assert "2 runs, 4 arms: base, rag, fact 1x, fact 5x" in output
    assert "16 trainings, 16 left to do" in output
    assert "the most that seeds=auto may need, 8 trainings of each arm. With 2 of each, it is 4 trainings, 4 left to do" in output


def test_a_tracking_server_that_is_dead_is_said_once_and_no_point_goes_on_to_ask_it(tmp_path: Path, student: list[str]) -> None:
    common = [
        *student,
        *corpus(tmp_path / "docs", "Who won?"),
        f"store={tmp_path}/store",
        "tracker.uri=http://127.0.0.1:9",
        "method=human",
    ]
    with pytest.raises(InvalidInput, match=r"^no MLflow server answers at http://127.0.0.1:9[^\n]*$"):
        checked([point(*common, f"size={size}") for size in ("1x", "5x")])
