"""A training that a host is paid for: examples in, what it cost out; told before it begins, and held against the budget."""

import logging
from collections.abc import Callable, Sequence
from math import isnan
from typing import Any

from runner.config.study import Study
from runner.data.records import Prompt, Tuning
from runner.spending.budget import Purse
from runner.spending.usage import Spent

log = logging.getLogger("runner")


def job(study: Study, tokens: int) -> Spent:
    """A fine-tuning job that is charged for so many tokens."""
    return Spent(model=study.model.name, hosted=True, requests=1, trained_tokens=tokens)


def paid(study: Study, examples: Sequence[tuple[Prompt, str]], seed: int, train: Callable[[], Tuning]) -> Spent:
    """Train at the study's host; a Fault before anything is sent where that might pass the budget.

    A job that an earlier run began is paid for already, and is only waited for.
    """
    tuner: Any = study.tuner
    about, most = (job(study, tokens) for tokens in tuner.tokens(examples))

    def work() -> Spent:
        return job(study, train().tokens or about.trained_tokens)

    if tuner.begun(study.model, examples, seed):
        return work()
    usd = about.usd(study.prices)
    price = "unknown, for want of the price of its training" if isnan(usd) else f"about ${usd:.2g}"
    what = f"tuning {study.model.name} on {len(examples)} examples"
    log.info("%s, about %s tokens; costs: %s", what, f"{about.trained_tokens:,}", price)
    return Purse(study.budget, study.prices).once(what, most, work)
