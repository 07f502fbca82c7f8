"""A class is held to its group's contract when a study is built, and gets the attributes that have a default."""

import re
from pathlib import Path

import pytest

from runner.component import component
from runner.config.contracts import CONTRACTS, complete, returned, returned_each
from runner.config.messages import CONF
from runner.data.records import Grade, Labelling
from runner.errors import Fault
from runner.model import LocalWeights
from tests.given import study

OURS = """
from dataclasses import dataclass
from runner.component import component

@component
class Whole:
    def label(self, material, teacher, scale):
        raise NotImplementedError

@component
class Lacking:
    words: int = 3

@component
class OtherParameters:
    def label(self, material):
        raise NotImplementedError

@component
class OneMore:
    def label(self, material, teacher, scale, verbose=False):
        raise NotImplementedError

@component
class KeywordOnly:
    def label(self, *, material, teacher, scale):
        raise NotImplementedError

@component
class Static:
    @staticmethod
    def label(material, teacher, scale):
        raise NotImplementedError

@component
class Refusing:
    words: int = 3
    def label(self, material, teacher, scale):
        raise NotImplementedError
    def __post_init__(self):
        raise {error}

@dataclass
class Plain:
    def label(self, material, teacher, scale):
        raise NotImplementedError

@component
class Nameless:
    scale: float = 1
    def draw(self, labelling, seed):
        raise NotImplementedError
"""


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "our_contracts.py").write_text(OURS.replace("{error}", "ValueError('words must be 4')"))
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize(
    ("group", "target", "words"),
    [
        ("method", "our_contracts.Lacking", "it has no label(material, teacher, scale)"),
        ("method", "our_contracts.OtherParameters", "found label(material), expected label(material, teacher, scale)"),
        (
            "method",
            "runner.size.scale.Scale",
            "it has no label(material, teacher, scale), and it fits the group size",
        ),
        (
            "grader",
            "runner.metric.accuracy.Accuracy",
            "it has no grade(questions, answers, judge), and it fits the group metric",
        ),
        ("size", "our_contracts.Nameless", "it has no name"),
        (
            "method",
            "our_contracts.KeywordOnly",
            "found label(*, material, teacher, scale), expected label(material, teacher, scale)",
        ),
    ],
)
def test_a_class_that_breaks_its_contract_is_refused_by_name_with_what_is_missing(group: str, target: str, words: str) -> None:
    choice = {"method": "human"}.get(group)
    with pytest.raises(Fault) as fault:
        study(*([f"{group}={choice}"] if choice else []), f"{group}._target_={target}")
    assert f"{group}: {target} is no {group}: {words}. See docs/extending.md" in str(fault.value).splitlines()


def test_attributes_with_a_default_need_not_be_written() -> None:
    method = study("method=human", "method._target_=our_contracts.Whole").method
    assert method.asks is True


def test_a_parameter_more_with_a_default_is_fine() -> None:
    assert study("method=human", "method._target_=our_contracts.OneMore").method.asks is True


def test_a_tuner_without_attributes_tunes_local_models() -> None:
    @component
    class Plain:
        def tune(self, model: object, examples: object, seed: int, folder: Path) -> None:
            raise NotImplementedError

    assert complete(Plain, "tuner") == []
    assert Plain.tunes is LocalWeights  # type: ignore[attr-defined]


def test_what_a_class_says_itself_stays() -> None:
    @component
    class Silent:
        asks = False

        def label(self, material: object, teacher: object, scale: float) -> None:
            raise NotImplementedError

    assert complete(Silent, "method") == []
    assert Silent.asks is False


def test_every_group_of_the_config_has_a_contract() -> None:
    groups = {file.parent.name for file in CONF.glob("*/*.yaml")} - {"experiment"}
    assert groups | {"teacher", "judge", "examiner"} == set(CONTRACTS)


def test_a_static_method_fulfils_a_contract() -> None:
    assert study("method=human", "method._target_=our_contracts.Static").method.asks is True


def test_the_reason_of_a_check_of_a_whole_component_is_told() -> None:
    with pytest.raises(Fault) as fault:
        study("method=human", "method._target_=our_contracts.Refusing")
    assert str(fault.value) == "method: words must be 4"


def test_a_plain_dataclass_is_no_component() -> None:
    with pytest.raises(Fault, match=r"method\._target_=our_contracts\.Plain: it is not a @component"):
        study("method=human", "method._target_=our_contracts.Plain")


def test_a_wrong_return_value_is_refused_by_class_and_method() -> None:
    method = study("method=human").method
    with pytest.raises(Fault) as fault:
        returned(method, "label", None, Labelling)
    assert str(fault.value) == "runner.method.human.Human.label returned None, expected Labelling. See docs/extending.md"


@pytest.mark.parametrize(
    ("values", "words"), [(["pass"], "returned 'pass', expected Grade"), ([], "returned a list of 0, expected 1")]
)
def test_a_list_of_other_things_or_of_too_few_is_refused(values: list[object], words: str) -> None:
    with pytest.raises(Fault, match=re.escape(f"runner.grader.match.Match.grade {words}")):
        returned_each(study().grader, "grade", values, Grade, 1)
