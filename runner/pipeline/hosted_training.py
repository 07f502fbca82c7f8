"""A training at a host: its cost is announced and limited."""

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
    """Estimate the cost of a job."""
    return _job(study, tuner.tokens(examples)[0])


def train_at_host(
    study: Study, tuner: PaidTuner, examples: Sequence[Supervised], seed: int, train: Callable[[], Tuning]
) -> Usage:
    """Train at the host and return the cost.

    Raise a Fault, before anything is sent, if it might pass the budget.
    """
    about, most = (_job(study, tokens) for tokens in tuner.tokens(examples))

    def work() -> Usage:
        # Some hosts do not report how many tokens they trained on.
        return _job(study, train().tokens or about.trained_tokens)

    # A job that an earlier run began is paid for already, and is only waited for. `config.build` made sure that the model
    # is one that this tuner can tune.
    if tuner.begun(cast(HostTunable, study.model), examples, seed):
        return work()
    usd = about.usd(study.settings.prices)
    price = "unknown, since the price of its training is not known" if isnan(usd) else f"about ${usd:.2g}"
    description = f"tuning {study.model.name} on {len(examples)} examples"
    # A job can't be taken back once it runs, so its cost is shown before it begins.
    log.info("%s, about %s tokens; costs: %s", description, f"{about.trained_tokens:,}", price)
    return BudgetGuard(study.settings.budget, study.settings.prices).once(description, most, work)


def _job(study: Study, tokens: int) -> Usage:
    return Usage(model=study.model.name, hosted=True, requests=1, trained_tokens=tokens)
