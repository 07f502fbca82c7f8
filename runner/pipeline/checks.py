"""A study in, a Fault out if it will fail."""

from collections.abc import Callable
from functools import partial

from runner.config.study import Study
from runner.errors import Fault
from runner.metric import CheckedMetric
from runner.pipeline.context import check_questions
from runner.spending.budget import BudgetGuard
from runner.tuner import Checked, PaidTuner


def check(study: Study) -> None:
    """Raise one Fault with all that is wrong.

    Checked are the general questions, the metrics, the models, their prices, and the tuner's host.
    """
    guard = BudgetGuard(study.settings.budget, study.settings.prices)
    asked = [study.model, *([study.teacher] if study.method.asks else []), *([study.judge] if study.grader.asks else [])]
    asked += [study.examiner] if study.exam_missing else []
    # Only models that will be asked: a judge without a key is no fault where the grader asks none.
    checks: list[Callable[[], None]] = [partial(_check_replay, study), *(model.check for model in asked)]
    checks += [partial(guard.check, model) for model in asked]
    checks += [
        partial(metric.check, study.material.questions) for metric in study.metric.values() if isinstance(metric, CheckedMetric)
    ]
    if isinstance(study.tuner, Checked):
        checks.append(partial(study.tuner.check, study.model))
    if isinstance(study.tuner, PaidTuner):
        checks.append(partial(guard.check_tuning, study.model, study.tuner.epochs))
    # Each fault once: student and judge may be models of one host that can't be reached.
    if faults := list(dict.fromkeys(fault for single in checks if (fault := _fault(single)))):
        raise Fault("\n".join(faults))
    # Last, since the tokenizer of a sound model counts the tokens.
    check_questions(study)


def _fault(check: Callable[[], None]) -> str:
    try:
        check()
    except Fault as fault:
        return str(fault)
    return ""


def _check_replay(study: Study) -> None:
    pairs = study.knowledge.replay  # reading them raises a Fault if the general questions can't be used
    if study.tuner.replay and not pairs:
        raise Fault(
            f"tuner.replay={study.tuner.replay:g}: retention={study.choices['retention']} has no pairs to mix in. Write "
            "replay.jsonl into the folder retention.path, or choose retention=general, or tuner.replay=0"
        )
