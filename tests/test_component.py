"""A component refuses what its schema does not hold, and its identity is all that decides its output."""

from dataclasses import FrozenInstanceError
from typing import ClassVar

import pytest
from pydantic import PositiveInt, ValidationError

from runner.component import component, identity


@component
class Kettle:
    """A component with a setting that decides what it returns and one that does not."""

    incidental: ClassVar[frozenset[str]] = frozenset({"colour"})

    later: ClassVar[frozenset[str]] = frozenset({"spout"})

    cups: PositiveInt
    colour: str = "red"
    spout: str = "straight"


@component
class Teapot:
    """A component that reads a file and was changed since its first version."""

    version: ClassVar[int] = 2

    cups: PositiveInt = 1

    def state(self) -> str:
        """The fingerprint of what it read."""
        return "leaves"


def test_a_setting_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError, match="lid"):
        Kettle(cups=1, lid=True)


def test_a_setting_of_the_wrong_type_is_refused():
    with pytest.raises(ValidationError, match="cups"):
        Kettle(cups="many")


def test_a_setting_out_of_bounds_is_refused():
    with pytest.raises(ValidationError, match="greater than 0"):
        Kettle(cups=0)


def test_a_missing_setting_is_refused():
    with pytest.raises(ValidationError, match="cups"):
        Kettle()


def test_settings_are_given_by_name():
    with pytest.raises(ValidationError):
        Kettle(1)


def test_a_component_cannot_be_changed():
    kettle = Kettle(cups=1)
    with pytest.raises(FrozenInstanceError):
        kettle.cups = 2


def test_the_identity_holds_class_version_and_settings():
    assert identity(Kettle(cups=3)) == {"class": f"{__name__}.Kettle", "version": 1, "cups": 3}


def test_an_incidental_setting_does_not_change_the_identity():
    assert identity(Kettle(cups=1, colour="blue")) == identity(Kettle(cups=1))


def test_a_setting_that_came_later_counts_where_it_is_not_at_its_default():
    assert identity(Kettle(cups=1, spout="straight")) == identity(Kettle(cups=1))
    assert identity(Kettle(cups=1, spout="bent")) == {**identity(Kettle(cups=1)), "spout": "bent"}


def test_the_identity_holds_the_version_and_the_state_of_what_was_read():
    assert identity(Teapot()) == {"class": f"{__name__}.Teapot", "version": 2, "cups": 1, "state": "leaves"}
