"""What happens once a sweep: every point built and checked before the first one starts, one parent run, one comparison."""

import atexit
import logging
import sys
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf, open_dict

from runner.comparison import Comparison, compare, figure, show
from runner.fault import Fault
from runner.records import digest
from runner.study import Study, build
from runner.tracker import Run

log = logging.getLogger("runner")


def built(cfg: DictConfig, hydra: DictConfig) -> Study:
    """The study of a composed config; `hydra` is Hydra's own config of the same job."""
    return build(cfg, hydra.runtime.choices, list(hydra.overrides.task))


def arms(studies: Sequence[Study]) -> dict[tuple[str, str], Study]:
    """Every arm of these studies once, the baselines' first: experiment and key, with a study that it belongs to."""
    return {(of.corpus.name, of.key(name)): of for of in studies for name in (*of.baseline, "tuned")}


def report(studies: Sequence[Study], run: str = "") -> Comparison:
    """Print the comparison of these studies' arms, and where to look further: at `run`, or else the last arm's."""
    sought = (study.tracker.find(experiment, key) for (experiment, key), study in arms(studies).items())
    rows = [row for row in sought if row]
    comparison = compare(rows)
    show(comparison)
    print(studies[0].tracker.place(run or rows[-1].id))
    return comparison


class Sweep(Callback):
    """Hydra's callback around a multirun."""

    studies: list[Study]
    run: Run
    open: ExitStack

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        """Build every point; on a fault say them all and exit before anything is paid for. Then open the parent run."""
        try:
            self.studies = _preflight(grid(config))
            first, name = self.studies[0], " ".join(config.hydra.overrides.task) or "sweep"
            key = digest([study.key("tuned") for study in self.studies])
            self.open = ExitStack()
            parent = first.tracker.run(first.corpus.name, key, name, {"runner.kind": "sweep"})
            self.run = self.open.enter_context(parent)
        except Exception as error:  # Hydra would make a warning of it and go on
            print(error if isinstance(error, (Fault, HydraException)) else traceback.format_exc(), file=sys.stderr)
            sys.exit(2)
        atexit.register(self._leave)
        with open_dict(config):
            config.hydra.overrides.task.append(f"parent='{self.run.id}'")
        log.info("%d runs, %d arms", len(self.studies), len(arms(self.studies)))

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        """Print and track the comparison; the sweep exits non-zero where an arm did not finish."""
        comparison = report(self.studies, self.run.id)
        finished = sum(arm.row.status == "FINISHED" for arm in comparison.arms)
        unfinished = len(arms(self.studies)) - finished
        self.run.table("comparison", comparison.records())
        picture = Path(config.hydra.sweep.dir) / "accuracy.png"
        figure(comparison, picture)
        self.run.file(picture)
        self.run.log({"arms": len(comparison.arms), "unfinished": unfinished}, {})
        atexit.unregister(self._leave)
        self.open.close()
        if unfinished:
            print(f"{unfinished} arms did not finish; the same command goes on from what is kept", file=sys.stderr)
            sys.exit(1)

    def _leave(self) -> None:
        """The sweep was stopped half-way: its parent run ends as killed."""
        stop = KeyboardInterrupt("the sweep was stopped")
        with suppress(KeyboardInterrupt):
            self.open.__exit__(KeyboardInterrupt, stop, None)


def grid(config: DictConfig) -> list[DictConfig]:
    """The composed config of every point that Hydra's own sweeper will launch, in its order."""
    loader = GlobalHydra.instance().config_loader()
    params = [f"{name}={value}" for name, value in (config.hydra.sweeper.get("params") or {}).items()]
    given = OmegaConf.to_container(config.hydra.overrides.task, resolve=False)
    overrides = OverridesParser.create(config_loader=loader).parse_overrides([*params, *given])  # type: ignore[misc]
    batches = BasicSweeper.split_arguments(overrides, None)
    return [loader.load_sweep_config(config, list(point)) for batch in batches for point in batch]


def _preflight(points: Sequence[DictConfig]) -> list[Study]:
    """A study for each point; one Fault with all that is wrong with any of them, each said once."""
    studies, faults, stores = [], dict[str, None](), set[str]()
    for point in points:
        try:
            study = built(point, point.hydra)
            if study.corpus.name not in stores:
                study.tracker.check(study.corpus.name)
            stores.add(study.corpus.name)
            row = study.tracker.find(study.corpus.name, study.key("tuned"))
            if not row or row.status != "FINISHED":
                study.check()
            studies.append(study)
        except Fault as fault:
            faults.update(dict.fromkeys(str(fault).splitlines()))
    if faults:
        raise Fault("\n".join(faults))
    return studies
