"""An arm tracks every setting that decides its numbers, and its run is named by those that differ from the defaults."""

import json
from collections.abc import Sequence

import pytest

from runner.config.messages import default_choices
from runner.pipeline.parameters import chosen, parameters, run_name, tags
from tests import given

PROMPT = "baseline.rag.prompt='{passages} {question}'"


def test_a_baseline_has_the_settings_that_decide_its_numbers_and_no_others(student: list[str]) -> None:
    study = given.study(*student, "grader.words=9", "retriever.passages=2", PROMPT, "tuner.rank=4")
    base, rag, tuned = (set(parameters(study, arm)) for arm in ("base", "rag", "tuned"))
    assert {"grader.words", "model.id", "reply_tokens", "error"} <= base
    assert {"retriever.passages", "baseline.rag.prompt", "corpus.sections"} <= rag - base
    assert not [name for name in base | rag if name.partition(".")[0] in {"tuner", "method", "size", "seed", "teacher"}]
    assert {"tuner.rank", "method.pairs", "size.scale", "retention.floor", "training_seed", "near"} <= tuned


def test_a_default_is_tracked_like_the_same_value_on_the_command_line() -> None:
    default, typed = (
        parameters(given.study(*words), "tuned") for words in ((), ("tuner.rank=16", "tuner.rate=2e-3", "recall=60"))
    )
    assert default == typed
    assert (default["tuner.rank"], default["tuner.rate"], default["tuner.steps"]) == ("16", "0.002", "null")


def test_a_value_that_baselines_and_metrics_take_from_beside_the_groups_is_tracked_once() -> None:
    taken, own = (parameters(given.study(*words), "rag") for words in ((), ("metric.accuracy.error=0.1",)))
    assert [name for name in taken if name.endswith(("error", "instruction", "reply_tokens"))] == [
        "error",
        "instruction",
        "reply_tokens",
    ]
    assert (own["metric.accuracy.error"], own["error"]) == ("0.1", "0.05")


@pytest.mark.parametrize(("typed", "text"), [("1", "1"), ("1.0", "1"), ("0.5", "0.5"), ("5e-1", "0.5")])
def test_a_number_is_tracked_in_one_way(typed: str, text: str) -> None:
    assert parameters(given.study("keep=replay", f"keep.share={typed}"), "tuned")["keep.share"] == text


def test_where_files_lie_and_how_a_host_is_asked_are_not_tracked(key: None) -> None:
    study = given.study("grader=judge", "judge.key=OTHER_KEY", "store=/elsewhere")
    tracked = parameters(study, "tuned")
    assert not {"judge.key", "judge.timeout", "corpus.path", "model.folder", "store"} & set(tracked)
    assert "/elsewhere" not in tracked.values()


def test_a_judge_and_a_teacher_are_tracked_where_they_are_asked() -> None:
    asked, not_asked = given.study("grader=judge"), given.study("method=human")
    assert "judge.id" in parameters(asked, "base")
    assert not [name for name in parameters(not_asked, "tuned") if name.startswith(("judge.", "teacher."))]


def test_a_setting_of_a_component_within_another_one_is_tracked_under_its_name_on_the_command_line() -> None:
    tracked = parameters(given.study("grader=both", "grader.judge.votes=3"), "base")
    assert (tracked["grader.judge.votes"], tracked["grader.match.words"], tracked["grader.long"]) == ("3", "300", "20")


def test_the_tag_names_what_was_chosen_and_not_the_defaults() -> None:
    names = json.loads(tags(given.study("tuner.rank=16"), "tuned")["runner.chosen"])
    assert names == sorted(chosen(given.study("tuner.rank=16"), "tuned"))
    assert "tuner.rank" in names
    assert "tuner.alpha" not in names


@pytest.mark.parametrize(
    ("overrides", "arm", "name"),
    [
        ((), "tuned", "fact 5x"),
        ((), "base", "base"),
        (("method=token", "size=1x"), "tuned", "token 1x"),
        (("size.scale=7",), "tuned", "fact 7x"),
        (("tuner.rank=8", "seed=1"), "tuned", "fact 5x seed=1 tuner.rank=8"),
        (("tuner.rank=8", "seed=1"), "rag", "rag"),
        (("grader=judge", "tuner.rate=1e-4", "tuner=full"), "tuned", "fact 5x tuner=full tuner.rate=0.0001 grader=judge"),
        (("grader=judge", "tuner=full"), "base", "base grader=judge"),
        (("retriever=dense", "retriever.passages=2"), "rag", "rag retriever=dense retriever.passages=2"),
        (("method=human", "model@teacher=openai"), "tuned", "human 5x"),
        (("experiment=paper",), "tuned", "fact 5x experiment=paper"),
    ],
)
def test_a_run_is_named_by_what_differs_from_the_defaults(overrides: Sequence[str], arm: str, name: str) -> None:
    assert run_name(given.study(*overrides), arm) == name


def test_a_long_run_name_is_cut_to_what_mlflow_takes() -> None:
    assert len(run_name(given.study(f"instruction={'word' * 100}"), "tuned")) == 250


def test_the_default_choices_are_those_of_the_config() -> None:
    defaults = default_choices()
    assert (defaults["method"], defaults["model@teacher"], defaults["experiment"]) == ("fact", "recorded", "None")
    assert not [group for group in defaults if "override" in group]


def test_an_arm_whose_student_reads_passages_is_named_by_its_retrieval() -> None:
    bare, reading = given.study(), given.study("retrieval=lexical", "retrieval.passages=2")
    assert run_name(bare, "tuned") == "fact 5x"
    assert run_name(reading, "tuned") == "fact 5x retrieval=lexical retrieval.passages=2"
    assert run_name(reading, "rag") == "rag"
    tracked = parameters(reading, "tuned")
    assert (tracked["retrieval"], tracked["retrieval.passages"]) == ("lexical", "2")
    assert "baseline.rag.prompt" in tracked
    assert not [name for name in parameters(bare, "tuned") if name.startswith(("retrieval", "baseline.rag"))]


def test_an_exam_that_a_program_made_is_tracked_with_every_arm() -> None:
    written, own = given.study("exam=cloze"), given.study()
    for arm in written.arms:
        assert tags(written, arm)["runner.exam_origin"] == parameters(written, arm)["exam"] == written.exam_set.origin != ""
        assert "runner.exam_origin" not in tags(own, arm)
        assert "exam" not in parameters(own, arm)
