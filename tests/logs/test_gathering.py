"""Scores of all logs are gathered by system, item and trial."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs import Choices
from runner.logs.gathering import LogPath, gather
from tests.logs.given import BASE, DATA, TUNED, Row, answers, gathered, lines, table


def test_logs_of_one_given_name_are_trials_whatever_they_call_their_system() -> None:
    """A training with another seed is another model."""
    (system,) = gathered(f"new={TUNED}", f"new={BASE}", score="includes").systems
    assert system.table([0, 1]).tolist() == [[[1, 1]], [[0, 0]]]
    samples = DATA / "lm_eval"
    (system,) = gathered(f"m={samples / 'fact-5x'}", f"m={samples / 'smollm2'}", score="exact_match,strict").systems
    assert system.table([0]).tolist() == [[[1]], [[0]]]


def test_systems_of_one_log_stay_apart_under_its_given_name() -> None:
    logs = gathered(f"all={DATA / 'lm_eval'}", score="exact_match,strict")
    assert [system.name for system in logs.systems] == ["fact-5x", "smollm2"]
    logs = gathered(f"old={DATA / 'promptfoo.json'}")
    assert [system.name for system in logs.systems] == ["smollm2", "fact-5x"]


def test_files_of_one_given_name_are_trials(tmp_path: Path) -> None:
    first, second = (table(tmp_path / f"{seed}.csv", answers("m", grades)) for seed, grades in enumerate([[1, 0], [1, 1]]))
    (system,) = gathered(f"m={first}", f"m={second}").systems
    assert system.table([0, 1]).tolist() == [[[1, 0]], [[1, 1]]]


def test_tasks_of_one_system_add_items_and_no_trials(tmp_path: Path) -> None:
    for task in ("t", "u"):
        rows = [{"doc_id": 0, "doc": {}, "resps": [], "metrics": ["acc"], "acc": 1.0}]
        lines(tmp_path / f"samples_{task}_2026-11-29T10-32-23.383731.jsonl", rows)
    logs = gathered(tmp_path)
    assert logs.items.names == ["t/0", "u/0"]
    assert logs.systems[0].table([0, 1]).tolist() == [[[1, 1]]]


def test_with_one_task_everywhere_its_name_may_differ(tmp_path: Path) -> None:
    for task in ("v1", "v2"):
        (tmp_path / task).mkdir()
        rows = [{"doc_id": 0, "doc": {}, "resps": [], "metrics": ["acc"], "acc": 1.0}]
        lines(tmp_path / task / f"samples_{task}_2026-11-29T10-32-23.383731.jsonl", rows)
    assert gathered(tmp_path / "v1", tmp_path / "v2").items.names == ["0"]


def test_two_logs_of_one_task_in_one_folder_are_refused_with_both_names(tmp_path: Path) -> None:
    for date in ("2026-11-28", "2026-11-29"):
        rows = [{"doc_id": 0, "doc": {}, "resps": [], "metrics": ["acc"], "acc": 1.0}]
        lines(tmp_path / f"samples_t_{date}T10-32-23.383731.jsonl", rows)
    with pytest.raises(InvalidInput, match=r"holds two logs of one task by .*: samples_t_2026-11-28.* Name one file"):
        gathered(tmp_path)


def test_two_scores_of_one_answer_are_refused(tmp_path: Path) -> None:
    rows: list[Row] = [{"item": 7, "system": "m", "score": 1}, {"item": 7, "system": "m", "score": 0}]
    with pytest.raises(InvalidInput, match=r"item 7 has more than one score by m. Expected"):
        gathered(table(tmp_path / "a.csv", rows))


@pytest.mark.parametrize("score", [1.01, -0.5, 87, "inf"])
def test_a_score_out_of_range_is_refused_with_its_item(score: object, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"item 1 has the score .* Expected 0 to 1. Divide all scores"):
        gathered(table(tmp_path / "a.csv", answers("m", [1, score])))


def test_an_error_of_rounding_is_no_score_out_of_range(tmp_path: Path) -> None:
    (system,) = gathered(table(tmp_path / "a.csv", answers("m", [1 + 1e-12, -1e-12]))).systems
    assert system.table([0, 1]).tolist() == [[[1, 0]]]


def test_an_ungraded_answer_is_no_score(tmp_path: Path) -> None:
    (system,) = gathered(table(tmp_path / "a.csv", answers("m", [1, "nan", ""]))).systems
    assert system.graded == {0}


def test_logs_of_different_scores_are_noted(tmp_path: Path) -> None:
    first = table(tmp_path / "a.csv", answers("a", [1]))
    logs = gathered(first, DATA / "promptfoo.json")
    assert logs.notes == ["The logs hold different scores: score, success. A difference may come from that alone."]


def test_answers_are_kept_on_demand_alone_and_only_the_first_of_each_item() -> None:
    logs = gather([LogPath("", DATA / "inspect_ai/fact-1x-two-epochs.eval")], Choices(score="includes"), answers=True)
    assert len(logs.systems[0].answers) == 9
    assert gathered(BASE, score="includes").systems[0].answers == {}
