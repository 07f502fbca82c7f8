"""A composed config in, a Study or Fault out."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from omegaconf import DictConfig, OmegaConf
from pydantic import ValidationError

from runner.component import full_name
from runner.config.components import component, validation_faults
from runner.config.contracts import CONTRACTS
from runner.config.messages import MOVED, unread_values
from runner.config.places import PACKAGE
from runner.config.settings import Settings
from runner.config.study import RAG, Study
from runner.errors import Fault
from runner.keep import AddsLoss, Distils
from runner.model import HostTunable, LocalWeights
from runner.refine import LabelsAgain, LearnsPreferences, LearnsRewards, OfferedByHosts
from runner.tuner import TunesForObjective, TunesPreferences

SEVERAL = ("baseline", "metric", "filter")  # groups of which a study has several choices, each under its name
ADVICE = {
    LocalWeights: "this one can't be tuned here, only asked. Choose model=smollm2 or model=huggingface, or tuner=hosted",
    HostTunable: "this one has no host that could tune it. Choose model=openai, or tuner=lora",
}

# For yaml that names files of this package, which lie elsewhere once it is installed.
OmegaConf.register_new_resolver("shipped", lambda path: str(PACKAGE / path), replace=True)


def build(cfg: DictConfig, choices: Mapping[str, Any], overrides: Sequence[str]) -> Study:
    """Build every component and check every value.

    `choices` are Hydra's, by group; `overrides` are those of the command. Raise one Fault with all that is wrong.
    """
    # Faults are collected, so that the user mends them all at once and not one in each start.
    faults = unread_values(cfg)
    single = [group for group in CONTRACTS if group not in (*SEVERAL, "examiner")]
    parts: dict[str, Any] = {group: component(cfg, group, group, faults) for group in single}
    parts["examiner"] = _examiner(cfg, faults)
    for group in SEVERAL:
        names = list(cfg[group] or {}) if OmegaConf.is_dict(cfg.get(group)) else []
        parts[group] = {name: component(cfg, f"{group}.{name}", group, faults) for name in names}
    settings = _settings(cfg, faults)
    faults += [*_not_read(parts), *_unquestioned(parts, choices)]
    if parts["retrieval"] and parts["retrieval"].retrieves and RAG not in parts["baseline"]:
        faults.append(
            "retrieval: the tuned model reads passages in the prompt of baseline.rag, which is not chosen. Add rag to baseline"
        )
    if None not in (parts["model"], parts["tuner"]) and not isinstance(parts["model"], parts["tuner"].tunes):
        tunes = parts["tuner"].tunes
        faults.append(f"model: {ADVICE.get(tunes, f'this one can not be tuned by this tuner, which needs {tunes.__name__}')}")
    faults += _unsuited(parts["keep"], parts["tuner"], str(choices.get("keep"))) if parts["keep"] and parts["tuner"] else []
    faults += (
        _unrefinable(parts["refine"], parts["tuner"], str(choices.get("refine"))) if parts["refine"] and parts["tuner"] else []
    )
    if faults or settings is None:
        raise Fault("\n".join(faults))
    return Study(
        **parts,
        settings=settings,
        choices={str(group): _name(choice) for group, choice in choices.items()},
        overrides=_deciding(cfg, overrides, parts),
        composed=cfg,
    )


def _not_read(parts: Mapping[str, Any]) -> list[str]:
    """Describe settings of one's own classes without effect."""
    names = [(name, *name.split(".")) for name in MOVED]
    # Of the classes of this package they are no settings at all. At 0 they did nothing before either.
    return [
        f"{name}: this setting of {full_name(parts[group])} has moved. Set it to 0, or rename it if the class itself uses it. "
        f"Write {MOVED[name]}"
        for name, group, field in names
        if parts[group] and vars(parts[group]).get(field)
    ]


def _unquestioned(parts: Mapping[str, Any], choices: Mapping[str, Any]) -> list[str]:
    """Describe a method of plain texts where questions are needed."""
    method, keep, tuner, faults = parts["method"], parts["keep"], parts["tuner"], list[str]()
    if method and not method.questions and tuner and tuner.tunes is HostTunable:
        faults.append("method: its labels are plain texts, and a host learns only replies to questions. Choose tuner=lora")
    if method and not method.questions and keep and keep.questions:
        faults.append(
            f"keep={choices.get('keep')}: it asks the questions of the labels, and those of method={choices.get('method')} are "
            "plain texts. Choose a method with questions, such as method=fact, or another keep"
        )
    return faults


def _unsuited(keep: Any, tuner: Any, choice: str) -> list[str]:
    """Describe a remedy that can't work with a tuner."""
    if isinstance(keep, Distils) and not isinstance(keep, AddsLoss):
        return [
            f"keep={choice}: {full_name(keep)} has no method objective, so that nothing learns of the distributions of its "
            "method taught. See docs/extending.md"
        ]
    if keep.local and tuner.tunes is HostTunable:
        return [
            f"keep={choice}: it needs the weights on this machine, and this tuner trains at a host. "
            "Choose keep=replay or keep=none, which any tuner can do; or tuner=lora with a model of this machine"
        ]
    if isinstance(keep, AddsLoss) and not isinstance(tuner, TunesForObjective):
        return [
            f"keep={choice}: it changes the loss, and {full_name(tuner)} has no method tune_for that takes one. "
            "Choose tuner=lora or tuner=full, or keep=replay_own; or add the method, see docs/extending.md"
        ]
    return []


def _unrefinable(refine: Any, tuner: Any, choice: str) -> list[str]:
    """Describe a tuner that can't refine."""
    if isinstance(refine, LabelsAgain):
        return _no_rounds(refine, tuner, choice)
    if not isinstance(refine, (LearnsPreferences, LearnsRewards)):
        reason = "it lacks members of LearnsPreferences or LearnsRewards. See runner/refine/__init__.py, or set refines = False"
        return [f"refine={choice}: {full_name(refine)} can't be trained with: {reason}"] if refine.refines else []
    if tuner.tunes is HostTunable and isinstance(refine, LearnsRewards):
        return [
            f"refine={choice}: the model answers while it is trained, and this tuner trains at a host. "
            "Choose refine=none, or tuner=lora with a model of this machine"
        ]
    if tuner.tunes is HostTunable:
        return _not_offered(refine, tuner, choice)
    lacking = sorted(set(refine.schedule) - {field.name for field in fields(tuner)})
    if not isinstance(tuner, TunesForObjective) or lacking:
        missing = f"no setting {', '.join(lacking)}" if lacking else "no method tune_for that takes a loss"
        return [f"refine={choice}: {full_name(tuner)} has {missing}. Choose tuner=lora or tuner=full, or refine=none"]
    return []


def _not_offered(refine: Any, tuner: Any, choice: str) -> list[str]:
    """Describe what a host is not asked for."""
    if not isinstance(refine, OfferedByHosts) or not isinstance(tuner, TunesPreferences):
        return [
            f"refine={choice}: this tuner trains at a host, and hosts train on preferences by refine=dpo alone. "
            "Choose refine=dpo with tuner=hosted or tuner=azure, refine=none, or tuner=lora with a model of this machine"
        ]
    return ["refine.steps: a host counts epochs. Set refine.steps=null and refine.epochs"] if refine.steps else []


def _no_rounds(refine: LabelsAgain, tuner: Any, choice: str) -> list[str]:
    """Describe a tuner that can't train in rounds."""
    if tuner.tunes is HostTunable:
        return [
            f"refine={choice}: this tuner trains at a host, which does not train a tuned model further yet. "
            "Choose refine=none, or tuner=lora with a model of this machine"
        ]
    if refine.once and "steps" not in {field.name for field in fields(tuner)}:
        return [f"refine.once: {full_name(tuner)} has no setting steps, by which it trains as long as the rounds do"]
    return []


def _examiner(cfg: DictConfig, faults: list[str]) -> Any:
    """Build the examiner, by default as the teacher."""
    own = cfg
    # The exam has a seed of its own, so that runs with other seeds take the same exam.
    if (seed := OmegaConf.select(cfg, "exam.seed", throw_on_missing=False)) not in (None, cfg.get("generation_seed")):
        own = cfg.copy()
        own.generation_seed = seed
    if cfg.get("examiner") is not None:
        return component(own, "examiner", "examiner", faults)
    return component(own, "teacher", "teacher", [])  # its faults are told as those of the teacher


def _settings(cfg: DictConfig, faults: list[str]) -> Settings | None:
    """Check the values beside the groups."""
    # An absent value is left to pydantic, which then says that it is missing.
    present = OmegaConf.masked_copy(cfg, [name for name in Settings.model_fields if name in cfg])
    try:
        return Settings.model_validate(OmegaConf.to_container(present, resolve=True))
    except ValidationError as error:
        faults.extend(validation_faults("", error, cfg))
    return None


def _name(choice: Any) -> str:
    return "+".join(map(str, choice)) or "none" if isinstance(choice, (list, tuple)) else str(choice)


def _deciding(cfg: DictConfig, overrides: Sequence[str], parts: Mapping[str, Any]) -> dict[str, str]:
    """Return the overridden settings that decide numbers."""
    pairs = (override.lstrip("+~").split("=", 1) for override in overrides if "=" in override)
    values = {name: (OmegaConf.select(cfg, name), text) for name, text in pairs if _decides(name, parts)}
    # Numbers as the config holds them: 1e-3 and 0.001 are one setting, and arms are compared by these texts.
    return {name: str(value) if type(value) in (int, float) else text for name, (value, text) in values.items()}


def _decides(name: str, parts: Mapping[str, Any]) -> bool:
    group, _, field = name.partition(".")
    if not field:  # a value beside the groups, or a choice, which is no setting
        return name in Settings.model_fields and name not in Settings.incidental
    # A component's output depends on the files at a path, not on where they lie.
    if group not in parts or field == "path":
        return False
    return group in SEVERAL or field not in parts[group].incidental
