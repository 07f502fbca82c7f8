"""A difference to see in, a number of facts out."""

import numpy as np

from runner.errors import Fault
from runner.statistics.called import FactSizes
from runner.statistics.design import Design
from runner.statistics.suppositions import DEFAULTS


def facts_wanted(facts: int, questions: int, sees: float | None, error: float) -> int:
    """Return how many facts an exam asks about.

    Without `sees` they are `facts`. Otherwise they are as many as show a difference of so many points between two tuned arms, in
    four of five cases, where each arm is trained once and nothing is known of the arms. Raise a Fault if no number does.
    """
    if sees is None:
        return facts
    planned = Design(DEFAULTS, FactSizes.of(np.full(1, questions))).facts_needed(sees / 100, error)
    if planned is None:
        raise Fault(f"exam.sees={sees:g}: no number of facts shows such a difference at error={error:g}. Choose more points")
    return planned
