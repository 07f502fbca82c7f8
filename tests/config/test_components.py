"""No config makes anything but components, however deep it hides a name, and each refused value is told by its place."""

import os
from pathlib import Path

import pytest

from runner.errors import Fault
from tests.given import study

OURS = """
from runner.component import component

@component
class Failing:
    def label(self, material, teacher, scale):
        raise NotImplementedError
    def __post_init__(self):
        raise KeyError("words")
"""
CALL = "{_target_: pathlib.Path.touch, _args_: [{_target_: pathlib.Path, _args_: [MARK]}]}"


@pytest.mark.parametrize(
    "overrides",
    [
        ["corpus.documents=[CALL]"],
        ["corpus.documents=[[[CALL]]]"],
        ["corpus.documents=[{a: [{b: CALL}]}]"],
        ["+corpus.more=CALL"],
        ["+model@judge.members.first=openai", "+judge.more=[CALL]"],
        ["model@judge=panel", "+judge.members.first=[CALL]"],
        ["+evil=CALL", "corpus.documents=['${evil}']"],
        ["+evil=CALL", "corpus.title=${evil}"],
        ["+budget.more=CALL"],
        ["+prices.more=CALL"],
        ["+metric.more=CALL"],
        ["+baseline.more=[CALL]"],
        ["corpus.documents=['${oc.create:CALL}']"],
        ["corpus._target_=pathlib.Path.touch"],
        ["corpus._target_=runner.corpus.folder.Path"],
        ["+corpus._args_=[CALL]"],
        ["+corpus._partial_=true"],
        ["+corpus._recursive_=false"],
    ],
)
def test_nothing_but_a_component_is_ever_called(overrides: list[str], tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with pytest.raises(Fault) as caught:
        study(*(override.replace("CALL", CALL).replace("MARK", str(mark)) for override in overrides))
    assert not mark.exists()
    assert "Traceback" not in str(caught.value)


def test_the_place_of_a_class_in_a_list_is_told() -> None:
    with pytest.raises(Fault, match=r"^corpus\.documents\.1\._target_=os\.getcwd: it is not a @component"):
        study("corpus.documents=[a, {_target_: os.getcwd}]")


def test_an_error_of_ones_own_class_is_told_with_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "our_failing.py").write_text(OURS)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Fault, match=r"^method: our_failing\.Failing can't be made: KeyError: 'words'$"):
        study("method=human", "method._target_=our_failing.Failing")


def test_a_text_that_looks_like_an_interpolation_stays_as_it_is() -> None:
    os.environ["RUNNER_TEST_TEXT"] = "${nowhere}"
    try:
        assert study("baseline.rag.prompt='${oc.env:RUNNER_TEST_TEXT} {passages} {question}'").baseline["rag"]
    finally:
        del os.environ["RUNNER_TEST_TEXT"]


def test_a_key_of_the_environment_is_no_setting_of_a_component(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS_API_KEY", "0123456789abcdef0123456789abcdef")
    for override in ("teacher.key=${oc.env:OURS_API_KEY}", "teacher.base_url='http://host/v1?code=${oc.env:OURS_API_KEY}'"):
        with pytest.raises(Fault, match=f"^{override.partition('=')[0]}: holds what looks like a key") as caught:
            study("model@teacher=openai", override)
        assert "0123456789abcdef" not in str(caught.value)
    # The address of a tracker may hold its password, since it is kept nowhere.
    study("tracker.uri='postgresql://me:${oc.env:OURS_API_KEY}@host/runs'")
