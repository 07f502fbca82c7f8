"""A training that a host is paid for: announced before it begins, and held against the budget."""

import logging
from collections.abc import Callable, Sequence
from math import isnan
from typing import cast

from runner.config.study import Study
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.model import HostTunable
from runner.spending.budget import BudgetGuard
from runner.spending.usage import Usage
from runner.tuner import PaidTuner

log = logging.getLogger("runner")


def expected_job(study: Study, tuner: PaidTuner, examples: Sequence[Supervised]) -> Usage:
    """Return a job as it will about be charged for."""
    return _job(study, tuner.tokens(examples)[0])


def train_at_host(
    study: Study, tuner: PaidTuner, examples: Sequence[Supervised], seed: int, train: Callable[[], Tuning]
) -> Usage:
    """Train at the host and return what that cost.

    Raise a Fault, before anything is sent, where it might pass the budget. A job that an earlier run began is paid for
    already, and is only waited for.
    """
    about, most = (_job(study, tokens) for tokens in tuner.tokens(examples))

    def work() -> Usage:
        return _job(study, train().tokens or about.trained_tokens)

    # config.build made sure that a tuner gets a model of the kind that it tunes.
    if tuner.begun(cast(HostTunable, study.model), examples, seed):
        return work()
    usd = about.usd(study.settings.prices)
    price = "unknown, since the price of its training is not known" if isnan(usd) else f"about ${usd:.2g}"
    description = f"tuning {study.model.name} on {len(examples)} examples"
    log.info("%s, about %s tokens; costs: %s", description, f"{about.trained_tokens:,}", price)
    return BudgetGuard(study.settings.budget, study.settings.prices).once(description, most, work)


def _job(study: Study, tokens: int) -> Usage:
    return Usage(model=study.model.name, hosted=True, requests=1, trained_tokens=tokens)
