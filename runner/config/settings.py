"""The values of a config beside its groups, with limits."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StrictBool

from runner.data.label_forms import FORMS
from runner.spending.budget import Budget
from runner.spending.prices import Price
from runner.store.choose import check_address

STUDY, LABEL = "study", "label"
TASKS = (STUDY, LABEL)  # of a command: everything, or labels alone
AUTO = "auto"  # as a number of trainings: until the comparison is decided


def _value(expected: str, accepts: Callable[[Any], bool]) -> BeforeValidator:
    """Refuse values with the words that say what is expected."""

    # Before pydantic's own check, which would take true for 1 and 1.0 for 1.
    def check(value: Any) -> Any:
        if not accepts(value):
            raise ValueError(f"expected {expected}")
        return value

    return BeforeValidator(check)


def _percent(value: Any) -> Any:
    """Refuse what is no number of percent, and shares."""
    if value is None or (_is_number(value) and 1 <= value < 100):
        return value
    # A share would be read as less than one percent, and every number that follows would be wrong.
    meant = f". Did you mean {100 * value:g}?" if _is_number(value) and 0 < value < 1 else ""
    raise ValueError(f"expected a number of percent from 1, below 100{meant}")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


Count = Annotated[int, _value("a whole number from 0", lambda value: type(value) is int and value >= 0)]
# The largest that every library takes as a seed.
Seed = Annotated[int, _value(f"a whole number from 0 to {2**32 - 1}", lambda value: type(value) is int and 0 <= value < 2**32)]
Positive = Annotated[int, _value("a whole number from 1", lambda value: type(value) is int and value >= 1)]
MOST = 1000  # trainings of an arm: more are a slip, and would fill the memory before the first of them
Several = Annotated[int, _value(f"a whole number from 2 to {MOST}", lambda value: type(value) is int and 2 <= value <= MOST)]
Trainings = Annotated[
    int | str,
    _value(
        f"a whole number from 1 to {MOST}, or auto", lambda value: value == AUTO or (type(value) is int and 1 <= value <= MOST)
    ),
]
Folder = Annotated[str, _value("a folder", lambda value: isinstance(value, str) and value != "")]


def _is_forms(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(form in FORMS for form in value)


class Suppose(BaseModel):
    """Numbers that power=true takes instead of measured ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accuracy: Annotated[
        float | None,
        BeforeValidator(_percent),
    ]


class Upkeep(BaseModel):
    """Numbers of a training that begins with `start`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    replay: Annotated[float, _value("a share from 0 to 1", lambda value: _is_number(value) and 0 <= value <= 1)]


class Settings(BaseModel):
    """The values beside the groups; conf/config.yaml explains each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Values that change no answer: where files are kept, what is shown, what may be paid. The others are tracked with an arm
    # where the command sets them. `error` is tracked too, by the metrics that take it.
    incidental: ClassVar[frozenset[str]] = frozenset(
        {"error", "margin", "store", "export", "record", "preview", "power", "suppose", "budget", "prices", "most_seeds"}
        | {"task", "labels_to", "labels_as", "labels_licence"}
    )

    # No defaults: they are in conf/config.yaml alone, where people look for them.
    seed: Seed
    subset_seed: Seed
    training_seed: Seed
    generation_seed: Seed
    seeds: Trainings
    most_seeds: Several
    error: Annotated[float, _value("a number above 0, below 1", lambda value: _is_number(value) and 0 < value < 1)]
    margin: Annotated[
        float, _value("a number of points above 0, up to 100", lambda value: _is_number(value) and 0 < value <= 100)
    ]
    near: Annotated[float, _value("a number above 0, up to 1", lambda value: _is_number(value) and 0 < value <= 1)]
    recall: Count
    instruction: str
    reply_tokens: Positive
    start: Annotated[
        str | None,
        _value(
            "a run, a key or a folder (in quotes if it looks like a number: start=\\'123456\\')",
            lambda value: value is None or (isinstance(value, str) and value.strip() != ""),
        ),
    ]
    upkeep: Upkeep
    store: Annotated[Folder, AfterValidator(check_address)]
    export: Folder | None
    record: Folder | None
    task: Annotated[str, _value(f"one of {', '.join(TASKS)}", lambda value: value in TASKS)]
    labels_to: Folder | None
    labels_as: Annotated[list[str], _value(f"a list such as [{FORMS[0]}], of {', '.join(FORMS)}", _is_forms)]
    labels_licence: str | None
    preview: StrictBool
    power: StrictBool
    suppose: Suppose
    budget: Budget
    prices: dict[str, Price]

    @property
    def labels_only(self) -> bool:
        """Return True if labels are made, and nothing is trained."""
        return self.task == LABEL

    @property
    def trainings(self) -> int:
        """Return the number of trainings of a tuned arm."""
        assert isinstance(self.seeds, int)  # by runner.sweep.grid, which builds a study for each look of seeds=auto
        return self.seeds

    @property
    def training_seeds(self) -> range:
        """Return the seed of each training of a tuned arm."""
        return range(self.training_seed, self.training_seed + self.trainings)
