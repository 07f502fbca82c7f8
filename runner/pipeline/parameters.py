"""An arm in, its run's parameters, tags and name out."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from runner.component import Component, full_name, identity
from runner.config.messages import default_choices
from runner.config.settings import Settings
from runner.config.study import RAG, TUNED, Study
from runner.data.records import digest

# Values beside the groups that decide the numbers of every baseline. The others are about labelling and tuning.
BASELINE_VALUES = ("error", "instruction", "reply_tokens")
# Groups that may stand in a run's name, those first that are most often varied. Method and size stand in every name, and the
# corpus is the name of the experiment.
NAMED_GROUPS = (
    "tuner",
    "keep",
    "refine",
    "retention",
    "retriever",
    "retrieval",
    "grader",
    "model@judge",
    "model",
    "model@teacher",
    "experiment",
)
LONGEST_NAME = 250  # characters: the column of MLflow's database


def tags(study: Study, arm: str) -> dict[str, str]:
    """Return the tags by which arms are found and compared."""
    # Arms with different exams are never put into one table, even if their corpora have one name. A report shows the settings
    # that people chose; the last tag tells them from those that were left at their defaults.
    kind = {"runner.kind": "arm", "runner.arm": arm, "runner.exam": digest(study.material.questions)}
    # Parameters do not show that a grader's own code was edited.
    kind["runner.grading"] = digest([identity(study.grader), study.judged_by])
    if study.exam_set.origin:
        kind["runner.exam_origin"] = study.exam_set.origin
    return {**kind, "runner.chosen": json.dumps(sorted(chosen(study, arm)))}


def parameters(study: Study, arm: str) -> dict[str, str]:
    """Return every setting that decides an arm's numbers.

    The names are those of the command line, such as tuner.rank. So MLflow's pages can sort and filter by any of them.
    """
    values = {name: value for name, value in study.settings if name == "error" or name not in Settings.incidental | {"seed"}}
    # Most arms go on from none, and then have neither setting.
    start, upkeep = values.pop("start"), values.pop("upkeep")
    if start:
        values |= {"start": start, "upkeep.replay": upkeep.replay}
    parts = {
        f"{part}.{name}": value
        for part, component in _parts(study, arm).items()
        for name, value in _deciding(component)
        # Baselines and metrics take some of their settings from the values beside the groups. Each of these is tracked once.
        if not ("." in part and values.get(name) == value)
    }
    values = values if arm == TUNED else {name: values[name] for name in BASELINE_VALUES}
    # These stand above the texts of the command: 1e-3 and 0.001, or 1 and 1.0, are one setting.
    resolved = {name: _written(value) for name, value in {**parts, **values}.items()}
    return {name: str(value) for name, value in {**chosen(study, arm), **resolved}.items()}


def chosen(study: Study, arm: str) -> dict[str, Any]:
    """Return an arm's choices, and the settings that were changed."""
    # A baseline is shared by arms with other methods and tuners, so only settings that decide its own numbers are tracked.
    choices, seeds = study.choices, study.settings.trainings
    common = {"corpus": study.corpus.name, "model": study.model.name, "grader": choices["grader"]}
    if study.grader.asks:
        common["judge"] = study.judge.name
    if study.exam_set.origin:  # so that MLflow's pages show it beside the accuracy
        common["exam"] = study.exam_set.origin
    if arm != TUNED:
        searched = {"retriever": choices["retriever"]} if study.baseline[arm].retrieves else {}
        groups = tuple(f"{name}." for name in (*_parts(study, arm), *BASELINE_VALUES))
        changed = {name: value for name, value in study.overrides.items() if f"{name}.".startswith(groups)}
        return {**common, **searched, **changed}
    named = {
        **common,
        "method": choices["method"],
        "size": study.size.name,
        "tuner": choices["tuner"],
        **({"review": choices["review"]} if study.review.applies else {}),
        **({"filter": "+".join(study.filter)} if study.filter else {}),
        **({"judge": study.judge.name} if study.filters_ask else {}),
        **({"keep": choices["keep"]} if study.keep.remedy else {}),
        **({"refine": choices["refine"]} if study.refine.refines else {}),
        "seed": study.settings.training_seed,
        **({"seeds": seeds} if seeds > 1 else {}),
        **({"retrieval": choices["retrieval"]} if study.retrieval.retrieves else {}),
        "teacher": study.teacher.name if study.method.asks else "none",
        "baseline": "+".join(study.baseline) or "none",
    }
    return {**named, **{name: value for name, value in study.overrides.items() if name not in named}}


def run_name(study: Study, arm: str) -> str:
    """Name an arm's run by what differs from the defaults."""
    # An arm may belong to several sweeps, so its name can't be by what varies in one of them.
    deciding = {*_parts(study, arm), *(["experiment"] if arm == TUNED else [])}
    roles = {group.rpartition("@")[2]: group for group in NAMED_GROUPS}
    others = {
        role: group for role, group in roles.items() if role in deciding and study.choices[group] != default_choices()[group]
    }
    settings = {name: f"{name}={value}" for name, value in chosen(study, arm).items() if name in study.overrides}
    # The method's and size's own choices stand in the title, and with them the settings of the size.
    words = [
        text for name, text in settings.items() if name.partition(".")[0] not in {"size", *others} and name != "corpus.title"
    ]
    # Each other choice is followed by its settings. What is seldom varied comes last, since MLflow's pages cut long names.
    for role, group in others.items():
        words.append(f"{group}={study.choices[group]}")
        words += [text for name, text in settings.items() if name.partition(".")[0] == role]
    return " ".join([study.title(arm), *words])[:LONGEST_NAME]


def _parts(study: Study, arm: str) -> dict[str, Any]:
    """Return the components that decide an arm's numbers, by place."""
    parts: dict[str, Any] = {"model": study.model, "grader": study.grader}
    parts |= {f"metric.{name}": metric for name, metric in study.metric.items()}
    if study.grader.asks:
        parts["judge"] = study.judge
    if arm == TUNED:
        parts |= {"corpus": study.corpus, "method": study.method, "size": study.size, "tuner": study.tuner}
        parts |= {"keep": study.keep, "refine": study.refine, "retention": study.retention}
        if study.retrieval.retrieves:
            parts |= {"retrieval": study.retrieval, f"baseline.{RAG}": study.baseline[RAG]}
        return {**parts, "teacher": study.teacher} if study.method.asks else parts
    parts[f"baseline.{arm}"] = study.baseline[arm]
    # What is searched depends on the corpus, and so two searches of one exam may be two arms.
    return {**parts, "retriever": study.retriever, "corpus": study.corpus} if study.baseline[arm].retrieves else parts


def _deciding(component: Any) -> Iterator[tuple[str, Any]]:
    """Yield a component's settings that decide its output."""
    for name in (field.name for field in dataclasses.fields(component) if field.name not in component.incidental):
        value = vars(component)[name]
        if isinstance(value, Component):  # as on the command line: grader.judge.votes is a setting of the judge of grader=both
            yield from ((f"{name}.{part}", setting) for part, setting in _deciding(value))
        else:
            yield name, value


def _written(value: Any) -> str:
    """Write a value as on a command line: null, true, 2, [1, 2]."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A component within this one, such as a panel's member, is named by its class.
    return json.dumps(value, ensure_ascii=False, default=full_name)
