"""The values of a config that stand beside its groups, with their limits."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool

from runner.spending.budget import Budget
from runner.spending.prices import Price
from runner.store.local import check_address


def _whole(least: int) -> BeforeValidator:
    """Accept whole numbers from `least`; pydantic alone would take true for 1 and 1.0 for 1."""

    def check(value: Any) -> Any:
        if type(value) is not int or value < least:
            raise ValueError(f"expected a whole number from {least}")
        return value

    return BeforeValidator(check)


def _share(most: str, includes_one: bool) -> BeforeValidator:
    """Accept numbers above 0 and up to 1, or below it."""

    def check(value: Any) -> Any:
        if type(value) not in (int, float) or not (0 < value < 1 or (includes_one and value == 1)):
            raise ValueError(f"expected a number above 0, {most} 1")
        return value

    return BeforeValidator(check)


def _folder(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        raise ValueError("expected a folder")
    return value


def _store(value: Any) -> Any:
    check_address(_folder(value))
    return value


Folder = Annotated[str, BeforeValidator(_folder)]


class Settings(BaseModel):
    """The one place that names the values beside the groups; conf/config.yaml says what each is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Values that change no result: where things are kept, what is shown, what may be paid. All others are tracked with an
    # arm where the command sets them. `error` is tracked too, by the metrics that take it.
    incidental: ClassVar[frozenset[str]] = frozenset({"error", "store", "export", "record", "preview", "budget", "prices"})

    seed: Annotated[int, _whole(0)]
    subset_seed: Annotated[int, _whole(0)]
    training_seed: Annotated[int, _whole(0)]
    generation_seed: Annotated[int, _whole(0)]
    seeds: Annotated[int, _whole(1)]
    error: Annotated[float, _share("below", includes_one=False)]
    near: Annotated[float, _share("up to", includes_one=True)]
    recall: Annotated[int, _whole(0)]
    instruction: str
    reply_tokens: Annotated[int, _whole(1)]
    store: Annotated[str, BeforeValidator(_store)]
    export: Folder | None
    record: Folder | None
    preview: StrictBool
    budget: Budget
    prices: dict[str, Price]

    @property
    def training_seeds(self) -> range:
        """Return the seed of each training of a tuned arm."""
        return range(self.training_seed, self.training_seed + self.seeds)
