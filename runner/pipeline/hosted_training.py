"""A training at a host: its cost is announced and limited."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan

from runner.config.study import Study
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.model import HostTunable
from runner.refine import OfferedByHosts
from runner.spending.budget import BudgetGuard
from runner.spending.usage import Usage
from runner.tuner import PaidTuner, PreferenceTuner, TunesPreferences

log = logging.getLogger("runner")


@dataclass(frozen=True)
class HostWork:
    """A training that a host is to do."""

    tuner: PaidTuner
    model: HostTunable  # that it begins with; `config.build` has checked that this tuner can tune it
    examples: Sequence[Supervised]
    seed: int
    pairs: bool = False  # the examples are pairs of rows


def expected_job(study: Study, tuner: PaidTuner, examples: Sequence[Supervised]) -> Usage:
    """Estimate the cost of a job."""
    return _job(study, tuner.tokens(examples)[0])


def train_at_host(study: Study, host: HostWork, train: Callable[[], Tuning]) -> Usage:
    """Train at the host and return the cost.

    Raise a Fault, before anything is sent, if it might pass the budget.
    """
    about, most = (_job(study, tokens) for tokens in host.tuner.tokens(host.examples))

    def work() -> Usage:
        # Some hosts do not report how many tokens they trained on.
        return _job(study, train().tokens or about.trained_tokens)

    # A job that an earlier run began is paid for already, and is only waited for.
    if host.tuner.begun(host.model, host.examples, host.seed):
        return work()
    usd = about.usd(study.settings.prices)
    price = "unknown, since the price of its training is not known" if isnan(usd) else f"about ${usd:.2g}"
    what = f"{len(host.examples) // 2} pairs of replies" if host.pairs else f"{len(host.examples)} examples"
    description = f"tuning {host.model.name} on {what}"
    # A job can't be taken back once it runs, so its cost is shown before it begins.
    log.info("%s, about %s tokens; costs: %s", description, f"{about.trained_tokens:,}", price)
    return BudgetGuard(study.settings.budget, study.settings.prices).once(description, most, work)


def preference_tuner(study: Study) -> PreferenceTuner | None:
    """Return the tuner of pairs at a host; None on this machine."""
    tuner, refine = study.tuner, study.refine
    if not isinstance(tuner, TunesPreferences) or not isinstance(refine, OfferedByHosts):
        return None
    return tuner.preferring(refine.hyperparameters)


def _job(study: Study, tokens: int) -> Usage:
    return Usage(model=study.model.name, hosted=True, requests=1, trained_tokens=tokens)
