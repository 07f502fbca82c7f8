"""What happens once a sweep: every point built and checked before the first one starts, one parent run, one comparison."""

import atexit
import logging
import sys
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

from runner.comparison import compare, figure, show
from runner.fault import Fault
from runner.records import digest
from runner.study import Study, build
from runner.tracker import Row, Run

log = logging.getLogger("runner")


def built(cfg: DictConfig, hydra: DictConfig) -> Study:
    """The study of a composed config; `hydra` is Hydra's own config of the same job."""
    return build(cfg, hydra.runtime.choices, list(hydra.overrides.task))


def arms(study: Study) -> list[str]:
    """The keys of a study's arms, the baselines' first."""
    return [study.key(name) for name in (*study.baseline, "tuned")]


def rows(study: Study, keys: Sequence[str]) -> list[Row]:
    """The tracked runs with these keys, each once; those that never began are not among them."""
    found = (study.tracker.find(study.corpus.name, key) for key in dict.fromkeys(keys))
    return [row for row in found if row]


def report(study: Study, keys: Sequence[str], run: str) -> list[Row]:
    """Print the comparison of these arms, and where to look further."""
    found = rows(study, keys)
    show(compare(found))
    print(study.tracker.place(study.corpus.name, run))
    return found


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
        except (Fault, HydraException) as fault:
            print(fault, file=sys.stderr)
            sys.exit(2)
        atexit.register(self._leave)
        with open_dict(config):
            config.hydra.overrides.task.append(f"parent='{self.run.id}'")
        log.info("%d runs, %d arms", len(self.studies), len(dict.fromkeys(self._keys())))

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        """Print and track the comparison; the sweep exits non-zero where an arm did not finish."""
        found = report(self.studies[0], self._keys(), self.run.id)
        unfinished = len(dict.fromkeys(self._keys())) - sum(row.status == "FINISHED" for row in found)
        table = compare(found)
        self.run.table("comparison", table.records())
        figure(table, Path(config.hydra.sweep.dir) / "accuracy.png")
        self.run.file(Path(config.hydra.sweep.dir) / "accuracy.png")
        self.run.log({"arms": len(found), "unfinished": unfinished}, {})
        atexit.unregister(self._leave)
        self.open.close()
        if unfinished:
            print(f"{unfinished} arms did not finish; the same command goes on from what is kept", file=sys.stderr)
            sys.exit(1)

    def _keys(self) -> list[str]:
        return [key for study in self.studies for key in arms(study)]

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
    studies, faults = [], dict[str, None]()
    for point in points:
        try:
            study = built(point, point.hydra)
            study.tracker.check(study.corpus.name)
            row = study.tracker.find(study.corpus.name, study.key("tuned"))
            if not row or row.status != "FINISHED":
                study.check()
            studies.append(study)
        except Fault as fault:
            faults.update(dict.fromkeys(str(fault).splitlines()))
    if faults:
        raise Fault("\n".join(faults))
    return studies
