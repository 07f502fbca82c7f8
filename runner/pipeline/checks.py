"""Everything about a study that can go wrong, tried before anything is paid for."""

from collections.abc import Callable
from functools import partial

from runner.config.study import Study
from runner.errors import Fault
from runner.spending.budget import BudgetGuard
from runner.tuner import Checked, PaidTuner


def check(study: Study) -> None:
    """Raise one Fault with all that is wrong: general questions, models, prices, the tuner's host."""
    guard = BudgetGuard(study.settings.budget, study.settings.prices)
    asked = [study.model, *([study.teacher] if study.method.asks else []), *([study.judge] if study.grader.asks else [])]
    checks: list[Callable[[], None]] = [partial(_check_replay, study), *(model.check for model in asked)]
    checks += [partial(guard.check, model) for model in asked]
    if isinstance(study.tuner, Checked):
        checks.append(partial(study.tuner.check, study.model))
    if isinstance(study.tuner, PaidTuner):
        checks.append(partial(guard.check_tuning, study.model, study.tuner.epochs))
    faults = [fault for single in checks if (fault := _fault(single))]
    if faults:
        raise Fault("\n".join(dict.fromkeys(faults)))


def _fault(check: Callable[[], None]) -> str:
    try:
        check()
    except Fault as fault:
        return str(fault)
    return ""


def _check_replay(study: Study) -> None:
    pairs = study.knowledge.replay  # reading it raises what is wrong with the general questions
    if study.tuner.replay and not pairs:
        raise Fault(
            f"tuner.replay={study.tuner.replay:g}: retention={study.choices['retention']} has no pairs to mix in. Write "
            "replay.jsonl into the folder retention.path, or choose retention=general, or tuner.replay=0"
        )
