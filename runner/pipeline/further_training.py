"""A tuned checkpoint in, one that was trained further out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Tuning, read, write
from runner.data.training import Supervised
from runner.local_models import Network, Objective, Rewarded
from runner.model import HostTunable, Model, Tunable
from runner.model.text_version import text_version
from runner.pipeline.executor import Executor, ModelAccess, Stage, TrainingWork
from runner.pipeline.hosted_training import HostWork, expected_job, preference_tuner, train_at_host
from runner.pipeline.results import Checkpoint, Output, Refining
from runner.refine import LearnsPreferences, LearnsRewards
from runner.tuner import MakeObjective, PreferenceTuner, TunesForObjective

log = logging.getLogger("runner")


@dataclass(frozen=True, kw_only=True)
class Refinement:
    """Rows and loss of a training after the first tuning."""

    rows: Sequence[Supervised]
    objective: MakeObjective
    inputs: Sequence[Any]  # of the training's stage, beside the rows: all that decides their loss
    after: Sequence[Output[Any]] = ()
    description: str  # for the log


def train_further(
    study: Study, executor: Executor, tuned: Output[Checkpoint], refinement: Refinement, seed: int
) -> Output[Checkpoint]:
    """Train a tuned checkpoint further; return the new one."""
    at_host, rows = preference_tuner(study), refinement.rows

    def make(folder: Path, access: ModelAccess) -> None:
        log.info("refine=%s learns from %s", study.choices["refine"], refinement.description)
        if at_host:
            host = HostWork(at_host, cast(HostTunable, tuned.value.model), rows, seed, pairs=True)
            access.paid(train_at_host(study, host, lambda: _at_host(study, refinement, host, at_host, folder)))
        else:
            _here(study, refinement, tuned.value.model, seed, folder)

    def trained(folder: Path) -> Checkpoint:
        (refining,) = read(folder / "refining.jsonl", Refining)
        return replace(tuned.value, model=study.model.tuned_in(folder), folder=folder, refining=refining)

    texts = (text for prompt, reply in rows for text in (reply, *(turn.content for turn in prompt.messages)))
    stage = Stage(
        name="tunings",
        inputs=[
            *(identity(at_host or scheduled(study)), identity(study.model), rows, seed, *tuned.value.trainings),
            *text_version(study.model, texts),
            # A forecast takes the time of an example from trainings with the same remedies and refinements, which are objects.
            # All that a host is sent is in its tuner and the rows.
            *([] if at_host else [{"refine": identity(study.refine)}, *refinement.inputs]),
        ],
        make=make,
        read=trained,
        stand_in=lambda: tuned.value,
        after=[tuned, *refinement.after],
        training=TrainingWork(examples=len(rows), job=expected_job(study, at_host, rows) if at_host else None),
    )
    output = executor.do(stage)
    return replace(output, value=replace(output.value, trainings=(*tuned.value.trainings, output.key)))


def _here(study: Study, refinement: Refinement, model: Model, seed: int, folder: Path) -> None:
    """Train on this machine, and write the course."""
    made: list[Objective] = []

    def objective(network: Network) -> Objective:
        made.append(refinement.objective(network))
        return made[-1]

    # As every student of this machine is tunable.
    tuning = scheduled(study).tune_for(objective, cast(Tunable, model), refinement.rows, seed, folder)
    write(folder / "refining.jsonl", [_course(study, refinement, tuning, made)])


def _at_host(study: Study, refinement: Refinement, host: HostWork, tuner: PreferenceTuner, folder: Path) -> Tuning:
    """Train at a host, and write the course; it has no rewards."""
    tuning = tuner.tune(host.model, host.examples, host.seed, folder)
    write(folder / "refining.jsonl", [_course(study, refinement, tuning, ())])
    return tuning


def _course(study: Study, refinement: Refinement, tuning: Tuning, made: Sequence[Objective]) -> Refining:
    """Return the course and the rewards of a training."""
    # A tuner of one's own may not have used the loss.
    losses: list[object] = [objective.labels for objective in made]
    rewards = next((tuple(loss.rewards) for loss in losses if isinstance(loss, Rewarded)), ())
    # Of answers that are drawn in the training, nobody knows the number before.
    lessons = len(rewards) if isinstance(study.refine, LearnsRewards) else len(refinement.rows)
    return Refining(tuning=tuning, lessons=lessons, rewards=rewards)


def scheduled(study: Study) -> TunesForObjective:
    """Return the study's tuner with the schedule of refine."""
    refine = cast(LearnsPreferences | LearnsRewards, study.refine)
    # Any, since a tuner is a frozen dataclass whose fields config.build has checked.
    tuner: Any = study.tuner
    return cast(TunesForObjective, replace(tuner, **refine.schedule))
