"""Systems get names that differ."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs.naming import named
from tests.logs.given import BASE, DATA, TUNED, answers, gathered, table


def test_a_system_is_called_as_its_log_calls_it() -> None:
    assert named(gathered(BASE, TUNED, score="includes").systems) == ["openai-api/local/smollm2", "openai-api/local/fact-5x"]


def test_a_given_name_counts_most() -> None:
    assert named(gathered(f"old={BASE}", TUNED, score="includes").systems) == ["old", "openai-api/local/fact-5x"]


def test_systems_of_one_log_keep_their_names_behind_the_given_one() -> None:
    assert named(gathered(f"old={DATA / 'promptfoo.json'}").systems) == ["old smollm2", "old fact-5x"]


def test_logs_of_one_model_are_told_apart_by_their_files(tmp_path: Path) -> None:
    files = [table(tmp_path / f"{name}.csv", answers("gpt", [1])) for name in ("short prompt", "long prompt")]
    assert named(gathered(*files).systems) == ["short prompt", "long prompt"]


def test_a_table_without_systems_is_called_as_its_file(tmp_path: Path) -> None:
    assert named(gathered(table(tmp_path / "mine.csv", [{"item": 1, "score": 1}])).systems) == ["mine"]


def test_names_that_are_equal_all_the_same_are_refused_with_a_way_out(tmp_path: Path) -> None:
    files = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        files.append(table(tmp_path / folder / "log.csv", answers("gpt", [1])))
    with pytest.raises(InvalidInput, match=f"2 systems are called log. .*: NAME1={files[0]} NAME2={files[1]}"):
        named(gathered(*files).systems)


def test_systems_of_two_logs_with_the_same_systems_are_called_by_both_names(tmp_path: Path) -> None:
    rows = [*answers("small", [1]), *answers("large", [1])]
    files = [table(tmp_path / f"{name}.csv", rows) for name in ("old", "new")]
    assert named(gathered(*files).systems) == ["old small", "old large", "new small", "new large"]
