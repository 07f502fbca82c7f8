"""Settings of arms in, their names out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from runner.comparison.chosen import chosen_settings
from runner.comparison.words import shortened
from runner.tracker import TrackedRun

# Method and size stand in every name. The other parameters follow from them, or decide nothing about the model.
FOLLOWING = {"method", "size", "labels", "label_tokens", "steps", "shortage", "baseline"}
CHOICES = {"model", "teacher", "review", "filter", "tuner", "keep", "refine", "retriever", "retrieval", "grader", "judge"}
LONGEST = 40  # characters of a value: the text of a prompt would fill a page


@dataclass(frozen=True, kw_only=True)
class ArmName:
    """An arm's name, and what it is made of."""

    arm: str
    line: str = ""  # the learning curve over sizes: the name without the size; "" for a baseline
    varied: Mapping[str, str] = field(default_factory=dict)  # the settings in the name, with their values


def kind(run: TrackedRun) -> str:
    """Return `tuned` or the baseline's name."""
    return run.tags.get("runner.arm", run.name)


def names(runs: Sequence[TrackedRun]) -> list[ArmName]:
    """Name the arms so that no two names are equal.

    A baseline is named by its kind, a tuned arm by its method and size. Both names are followed by the settings that people
    chose and in which arms of the same kind differ. Another setting is named only where two names would be equal. A tuned arm
    that reads passages always names its retrieval.
    """
    named, chosen = list[ArmName](), chosen_settings(runs) | CHOICES
    taken = Counter[tuple[str, str]]()  # by exam, since each exam has a table of its own
    for run in runs:
        # A retriever varies between baselines and a tuner between tuned arms. Neither needs to be in the other's names.
        alike = [other for other in runs if kind(other) == kind(run)]
        varied = _varied(alike)
        first = [setting for setting in varied if setting in chosen]
        # By what was chosen, two arms may have one name: an experiment's file, for example, sets values that nobody typed.
        twins = [other for other in alike if _named(other, first).arm == _named(run, first).arm]
        rest = [setting for setting in varied if setting not in first and _differs(setting, twins)]
        name = _named(run, [*first, *rest])
        place = run.tags.get("runner.exam", ""), name.arm
        taken[place] += 1
        # Two arms may differ in something that is no setting, such as the content of a file.
        number = f" ({taken[place]})" if taken[place] > 1 else ""
        named.append(replace(name, arm=name.arm + number, line=name.line and name.line + number))
    return named


def _named(run: TrackedRun, settings: Iterable[str]) -> ArmName:
    varied = {setting: shortened(run.parameters[setting], LONGEST) for setting in settings if setting in run.parameters}
    rest = [f"{setting}={value}" for setting, value in varied.items()]
    if kind(run) != "tuned":
        return ArmName(arm=" ".join([kind(run), *rest]), varied=varied)
    method, size = run.parameters.get("method", "?"), run.parameters.get("size", "?")
    return ArmName(arm=" ".join([method, size, *rest]), line=" ".join([method, *rest]), varied=varied)


def _varied(arms: Sequence[TrackedRun]) -> list[str]:
    """Return the settings in which arms differ, sorted.

    Those that follow from other settings are left out.
    """
    settings = sorted({setting for arm in arms for setting in arm.parameters} - FOLLOWING)
    return [
        setting
        for setting in settings
        # Only an arm that reads passages tracks it, and it must not be taken for one that answers from memory.
        if setting == "retrieval"
        # "none" is not counted: a human method has no teacher, but that does not make the other arms show theirs.
        or (
            len({arm.parameters.get(setting, "") for arm in arms} - {"none"}) > 1
            and not any(_follows(setting, origin, arms) for origin in _origins(setting))
        )
    ]


def _differs(setting: str, arms: Sequence[TrackedRun]) -> bool:
    return len({arm.parameters.get(setting, "") for arm in arms}) > 1


def _origins(setting: str) -> set[str]:
    """Return the settings that a setting may follow from."""
    # tuner.rank follows from tuner=lora or tuner=full, teacher.seed from seed, baseline.rag.instruction from instruction.
    return {setting.partition(".")[0], setting.rpartition(".")[2], *({"seed"} if setting.endswith("seed") else ())} - {setting}


def _follows(setting: str, origin: str, arms: Sequence[TrackedRun]) -> bool:
    """Return True if `origin` tells a setting's value."""
    values = {(arm.parameters.get(origin, ""), arm.parameters.get(setting, "")) for arm in arms}
    return all(origin in arm.parameters for arm in arms) and len(values) == len({value for value, _ in values})
