"""A study in, a Fault out if it will fail."""

from collections.abc import Callable, Sequence
from functools import partial

from runner.config.study import Study
from runner.errors import Fault
from runner.filter import CheckedFilter, ReadsPurpose, asking
from runner.method.human import Human
from runner.metric import CheckedMetric
from runner.model import Model
from runner.model.none import Nobody
from runner.pipeline.context import check_questions
from runner.pipeline.general_pairs import check_general_pairs
from runner.pipeline.hosted_training import preference_tuner
from runner.pipeline.refining_checks import check_refining
from runner.pipeline.reviewing import check_reviews
from runner.pipeline.upkeep import check_start, drawn_again
from runner.retriever import CheckedRetriever, Retriever
from runner.spending.budget import BudgetGuard
from runner.tuner import Checked, PaidTuner


def check_asked(study: Study) -> None:
    """Raise a Fault if a role without model is asked."""
    choices, labels_only, faults = study.choices, study.settings.labels_only, list[str]()
    if study.method.asks and isinstance(study.teacher, Nobody):
        faults.append(
            f"model@teacher=none: method={choices['method']} asks the teacher. Choose one, such as model@teacher=openai; or "
            "method=passage or method=human, which ask none"
        )
    if isinstance(study.examiner, Nobody) and study.exam_missing and not labels_only:
        role = "examiner" if choices.get("model@examiner") == "none" else "teacher"  # who is the examiner where none is named
        faults.append(
            f"model@{role}=none: exam={choices['exam']} asks the {role} for its questions. Choose one, such as "
            f"model@{role}=openai; or exam=cloze, which asks none (with method=passage, no model is asked at all); or exam=file"
        )
    if isinstance(study.judge, Nobody) and study.grader.asks and not labels_only:
        faults.append(
            f"model@judge=none: grader={choices['grader']} asks the judge. Choose one, such as model@judge=openai; or "
            "grader=match, which asks none"
        )
    if isinstance(study.judge, Nobody):
        faults += [
            f"model@judge=none: filter.{name}.judge.asks=true asks the judge. Choose one, such as model@judge=openai; or "
            f"filter.{name}.judge.asks=false, which keeps to the rule"
            for name, rule in study.filter.items()
            if asking(rule)
        ]
    if faults:
        raise Fault("\n".join(faults))


def check_filters(study: Study) -> None:
    """Raise a Fault if a filter lacks what it needs."""
    for name, rule in study.filter.items():
        if isinstance(rule, ReadsPurpose) and not study.material.purpose.strip():
            raise Fault(
                f"filter={name}: the corpus has no purpose, which the filter compares labels with. Write it in one sentence: "
                "corpus.purpose='Know the registers and limits of the chip.'; or leave the filter out"
            )
        if isinstance(rule, CheckedFilter):
            rule.check()


def check_texts(study: Study) -> None:
    """Raise a Fault for texts where questions are needed."""
    # Those of other methods are written later. `config.build` refuses methods that write texts.
    known = [*(study.to_label.labels if isinstance(study.method, Human) else ()), *drawn_again(study).labels]
    texts = [label.origin for label in known if not label.question]
    if texts and study.keep.questions:
        need = f"keep={study.choices['keep']} asks the questions of the labels. Remove the texts, or choose another keep"
    elif texts and isinstance(study.tuner, PaidTuner):
        need = "a host learns only replies to questions. Remove the texts, or choose tuner=lora"
    else:
        return
    raise Fault(f"{len(texts)} of {len(known)} labels are texts without a question ({', '.join(texts[:3])}), and {need}")


def check(study: Study) -> None:
    """Raise one Fault with all that is wrong.

    Checked are the general questions, the metrics, the models, their prices, the tuner's host, and what searches need. Where
    labels alone are made, only the teacher and the filters are checked, and the judge if a filter asks it.
    """
    check_asked(study)
    check_start(study)
    guard, labels_only = BudgetGuard(study.settings.budget, study.settings.prices), study.settings.labels_only
    # Only models that will be asked: a judge without a key is no fault where the grader asks none.
    asked: list[tuple[str, Model]] = [] if labels_only else [("model", study.model)]
    asked += [("model@teacher", study.teacher)] if study.method.asks else []
    asked += [("model@judge", study.judge)] if study.filters_ask or (study.grader.asks and not labels_only) else []
    examiner = "model@teacher" if study.choices["model@examiner"] == "None" else "model@examiner"  # null is the teacher
    asked += [(examiner, study.examiner)] if study.exam_missing and not labels_only else []
    training = [partial(each, study) for each in (check_texts, check_general_pairs, check_refining)]
    checks: list[Callable[[], None]] = [] if labels_only else [*training]
    checks += [
        partial(check_reviews, study),
        partial(check_filters, study),
        partial(_check_models, study, asked),
        *(partial(guard.check, model) for _, model in asked),
    ]
    checks += [] if labels_only else [*_of_searches(study), *_of_tuning(study, guard)]
    # Each fault once: teacher and judge may be one model, of which no price is known.
    if faults := list(dict.fromkeys(fault for single in checks if (fault := _fault(single)))):
        raise Fault("\n".join(faults))
    if not labels_only:
        # Last, since the tokenizer of a sound model counts the tokens.
        check_questions(study)


def _check_models(study: Study, asked: Sequence[tuple[str, Model]]) -> None:
    """Raise a Fault for models that can't be asked."""
    # Each reason once: teacher and judge may be models of one host, of which the key is missing.
    roles: dict[str, list[str]] = {}
    for role, model in asked:
        if reason := _fault(model.check):
            roles.setdefault(reason, []).append(role)
    faults = list[str]()
    for reason, some in roles.items():
        # Most reasons of a student name its settings, model.id=..., so it is named only beside others.
        named = "" if some == ["model"] else ", ".join(f"{role}={study.choices[role]}" for role in some) + ": "
        faults.append(named + reason)
    if faults:
        raise Fault("\n".join(faults))


def _of_searches(study: Study) -> list[Callable[[], None]]:
    """List the checks of the retrievers that will search."""
    searching: list[Retriever] = [study.retriever] if any(baseline.retrieves for baseline in study.baseline.values()) else []
    searching += [study.retrieval] if study.retrieval.retrieves else []
    return [retriever.check for retriever in searching if isinstance(retriever, CheckedRetriever)]


def _of_tuning(study: Study, guard: BudgetGuard) -> list[Callable[[], None]]:
    """List the checks of what is trained and measured."""
    checks: list[Callable[[], None]] = [
        partial(metric.check, study.material.questions) for metric in study.metric.values() if isinstance(metric, CheckedMetric)
    ]
    if isinstance(study.tuner, Checked):
        checks.append(partial(study.tuner.check, study.model))
    if isinstance(study.tuner, PaidTuner):
        checks.append(partial(guard.check_tuning, study.model, study.tuner.epochs))
    if tuner := preference_tuner(study):
        checks.append(partial(tuner.check, study.model))
    return checks


def _fault(check: Callable[[], None]) -> str:
    try:
        check()
    except Fault as fault:
        return str(fault)
    return ""
