"""The values beside the groups are named in one place, which refuses what they can't be."""

import pytest
import yaml

from runner.config.messages import CONF
from runner.config.settings import Settings
from runner.errors import Fault
from tests.given import study


def test_the_config_holds_these_values_and_no_others() -> None:
    top = yaml.safe_load((CONF / "config.yaml").read_text())
    prices = yaml.safe_load((CONF / "prices.yaml").read_text())
    assert {*top, *prices} - {"defaults", "hydra"} == set(Settings.model_fields)


@pytest.mark.parametrize("address", ["http://host/store", "file:///tmp/store"])
def test_a_store_at_an_address_that_is_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(Fault) as fault:
        study(f"store={address}")
    scheme = address.partition("//")[0] + "//"
    expected = f"expected a folder, or an address of s3://, gs://, az://. Found {scheme}"
    assert str(fault.value) == f"store: found '{address}', {expected}"


@pytest.mark.parametrize("value", ["''", "5", "null"])
def test_a_store_without_a_name_is_refused(value: str) -> None:
    with pytest.raises(Fault, match=r"store: found .*, expected a folder"):
        study(f"store={value}")


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("preview=maybe", "preview: found 'maybe', expected a valid boolean"),
        ("power=80", "power: found 80, expected a valid boolean"),
        ("suppose.accuracy=100", "suppose.accuracy: found 100, expected a number of percent from 1, below 100"),
        (
            "suppose.accuracy=0.7",
            "suppose.accuracy: found 0.7, expected a number of percent from 1, below 100. Did you mean 70?",
        ),
        (
            "+suppose.spread=2",
            "suppose.spread: no such setting. run.py --cfg job prints every setting, run.py --help every group",
        ),
        ("record=''", "record: found '', expected a folder"),
        ("budget.usd=-1", "budget.usd: found -1, expected greater than 0"),
        ("labels_as=csv", "labels_as: found 'csv', expected a list such as [chat], of chat, sharegpt, alpaca, datasets"),
        ("+budget.euros=1", "budget.euros: no such setting. run.py --cfg job prints every setting, run.py --help every group"),
        ("+prices={ours: {input: 1}}", "prices.ours.output: not set, and it has no default"),
        ("instruction=5", "instruction: found 5, expected a valid string"),
    ],
)
def test_a_value_that_can_not_be_is_told_with_what_was_expected(override: str, words: str) -> None:
    with pytest.raises(Fault) as fault:
        study(override)
    assert str(fault.value) == words


def test_several_trainings_follow_on_from_the_training_seed() -> None:
    assert list(study("training_seed=5", "seeds=3").settings.training_seeds) == [5, 6, 7]


@pytest.mark.parametrize("share", [-0.1, 1.5, "some", True])
def test_a_share_of_earlier_labels_that_is_none_is_refused(share: object) -> None:
    with pytest.raises(Fault, match=r"upkeep\.replay.*a share from 0 to 1"):
        study(f"upkeep.replay={share}")


@pytest.mark.parametrize("start", ["123456", "''", "12e3"])
def test_a_start_that_is_no_text_is_refused(start: str) -> None:
    with pytest.raises(Fault, match=r"start: found .*, expected a run, a key or a folder"):
        study(f"start={start}")
