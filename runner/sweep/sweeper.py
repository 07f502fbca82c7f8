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
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from runner.comparison import Agreement, Comparison
from runner.comparison.compare import compare
from runner.comparison.table import paired, records, show
from runner.comparison.tracked import Tracked, load
from runner.component import identity
from runner.config.messages import told
from runner.config.study import Study, build
from runner.data.records import VERDICTS, Answer, Grade, digest
from runner.errors import Fault
from runner.grader.agreement import with_match, with_people
from runner.pipeline import recording
from runner.pipeline.tracking import parameters, tags
from runner.tracker import Row, Run

log = logging.getLogger("runner")


def built(cfg: DictConfig, hydra: DictConfig) -> Study:
    """The study of a composed config; `hydra` is Hydra's own config of the same job."""
    return build(cfg, hydra.runtime.choices, list(hydra.overrides.task))


def arms(studies: Sequence[Study]) -> dict[tuple[str, str], tuple[Study, str]]:
    """Every arm of these studies once, the baselines' first: experiment and key, with a study that it belongs to and its name."""
    return {(of.corpus.name, of.key(name)): (of, name) for of in studies for name in (*of.baseline, "tuned")}


def preview(studies: Sequence[Study]) -> None:
    """Print what these studies would ask, pay and take."""
    from runner.preview.table import show

    show(studies, [of.title(name) for of, name in arms(studies).values()])


def report(studies: Sequence[Study], command: str, run: str = "") -> list[Comparison]:
    """Print a comparison for each exam and grader of these studies, and where to look further: at `run`, or the last arm."""
    exams: dict[str, tuple[Study, list[Tracked]]] = {}
    last = ""
    for (experiment, key), (study, name) in arms(studies).items():
        row = study.tracker.find(experiment, key) or _unbegun(study, name)
        exams.setdefault(_exam(study), (study, []))[1].append(load(study.tracker, row))
        last = row.id or last
    comparisons = [compare(tracked, study.error, command, _agreements(study, tracked)) for study, tracked in exams.values()]
    for comparison in comparisons:
        show(comparison)
    print(studies[0].tracker.place(run or last))
    return comparisons


def _unbegun(study: Study, name: str) -> Row:
    """An arm that ended before it was tracked, described as others are."""
    settings = {setting: str(value) for setting, value in parameters(study, name).items()}
    return Row("", study.title(name), "NOT BEGUN", tags(study, name), settings, {})


def _exam(study: Study) -> str:
    """The hash of what two arms must share to be compared: the corpus's name, the questions, and who grades the answers."""
    judge = identity(study.judge) if study.grader.asks else None
    return digest([study.corpus.name, study.material.questions, identity(study.grader), judge])


def _agreements(study: Study, tracked: Sequence[Tracked]) -> list[Agreement]:
    """How far a judge agrees with people, where the corpus has their grades, and with `match` on all the arms' answers."""
    if not study.grader.asks:
        return []
    rows = [row for one in tracked for row in one.answers]
    answers = [Answer(question=row["id"], text=row["answer"]) for row in rows]
    grades = [Grade(question=row["id"], passed=VERDICTS[row["grade"]]) for row in rows]
    try:
        people = with_people("judge", study.grader, study.asking(study.judge), study.material.grades)
    except Fault as fault:  # the arms are graded: they are told all the same
        log.warning("the judge's agreement with people is not known: %s", fault)
        people = None
    return [found for found in (people, with_match("judge", study.material.questions, answers, grades)) if found]


def failures(comparisons: Sequence[Comparison]) -> str:
    """In words, what makes the command end with an error: arms that did not finish, or that failed the gate."""
    told = [arm for comparison in comparisons for arm in comparison.arms]
    unfinished = [arm.name for arm in told if arm.status != "FINISHED"]
    forgot = [arm.name for arm in told if arm.retention and not arm.retention.passed]
    words = [f"did not finish: {', '.join(unfinished)}. The same command goes on from what is kept"] if unfinished else []
    return "\n".join([*words, *([f"failed the gate of retention.floor: {', '.join(forgot)}"] if forgot else [])])


class Sweep(Callback):
    """Hydra's callback around a multirun."""

    studies: list[Study]
    command: str
    run: Run
    open: ExitStack

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        """Build every point; on a fault say them all and exit before anything is paid for. Then open the parent run."""
        try:
            points = grid(config)
            if any(point.get("preview") is True for point in points):
                preview(_preflight(points, tracking=False))
                sys.exit(0)
            self.studies = _preflight(points)
            first, name = self.studies[0], " ".join(config.hydra.overrides.task) or "sweep"
            self.command = f"run.py -m {name}"
            key = digest([study.key("tuned") for study in self.studies])
            self.open = ExitStack()
            parent = first.tracker.run(first.corpus.name, key, name, {"runner.kind": "sweep"})
            self.run = self.open.enter_context(parent)
        except Exception as error:  # Hydra would make a warning of it and go on
            print(_words(error), file=sys.stderr)
            sys.exit(2)
        atexit.register(self._leave)
        with open_dict(config):
            config.hydra.overrides.task.append(f"parent='{self.run.id}'")
        log.info("runs: %d, arms: %d", len(self.studies), len(arms(self.studies)))

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        """Print and track the comparison; the sweep exits non-zero where an arm did not finish, or failed the gate."""
        try:
            with self.open:
                comparisons = report(self.studies, self.command, self.run.id)
                folder = Path(config.hydra.sweep.dir)
                for number, comparison in enumerate(comparisons, start=1):
                    self._track(comparison, folder, f"-{number}" if len(comparisons) > 1 else "")
                self.run.log({"arms": sum(len(comparison.arms) for comparison in comparisons)}, {})
                self.run.tag("mlflow.note.content", "\n\n".join(one.sentence for found in comparisons for one in found.advice))
            failed = failures(comparisons)
        except Exception as error:  # as at the start
            failed = _words(error)
        if failed:
            print(failed, file=sys.stderr)
            sys.exit(1)

    def __getstate__(self) -> dict[str, Any]:
        """Nothing goes along to a launcher's job, which is no part of what happens once a sweep."""
        return {}

    def _track(self, comparison: Comparison, folder: Path, suffix: str) -> None:
        """The report, its figures and its tables, as artifacts and in the sweep's folder."""
        from runner.comparison.figures import write
        from runner.comparison.page import page

        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"report{suffix}.html").write_text(page(comparison), encoding="utf-8")
        print(f"Report:    {folder.resolve() / f'report{suffix}.html'}")
        for path in (folder / f"report{suffix}.html", *write(comparison, folder / f"figures{suffix}")):
            self.run.file(path)
        self.run.table(f"comparison{suffix}", records(comparison))
        self.run.table(f"pairs{suffix}", paired(comparison))
        advice = (f"{one.sentence}\n" + "".join(f"- {reason}\n" for reason in one.because) for one in comparison.advice)
        self.run.text(f"recommendation{suffix}.md", "\n".join(advice))

    def _leave(self) -> None:
        """The sweep was stopped half-way: its parent run ends as killed."""
        stop = KeyboardInterrupt("the sweep was stopped")
        with suppress(KeyboardInterrupt):
            self.open.__exit__(KeyboardInterrupt, stop, None)


def _words(error: Exception) -> str:
    if isinstance(error, (HydraException, OmegaConfBaseException, YAMLError)):
        return told(error)
    return str(error) if isinstance(error, Fault) else traceback.format_exc()


def grid(config: DictConfig) -> list[DictConfig]:
    """The composed config of every point that Hydra's own sweeper will launch, in its order."""
    loader = GlobalHydra.instance().config_loader()
    params = [f"{name}={value}" for name, value in (config.hydra.sweeper.get("params") or {}).items()]
    given = OmegaConf.to_container(config.hydra.overrides.task, resolve=False)
    overrides = OverridesParser.create(config_loader=loader).parse_overrides([*params, *given])  # type: ignore[misc]
    batches = BasicSweeper.split_arguments(overrides, None)
    return [loader.load_sweep_config(config, list(point)) for batch in batches for point in batch]


def _preflight(points: Sequence[DictConfig], tracking: bool = True) -> list[Study]:
    """A study for each point; one Fault with all that is wrong with any of them, each said once.

    Without `tracking`, neither the tracking store nor whether a model could answer is looked at.
    """
    studies, faults, stores = [], dict[str, None](), set[tuple[str, Path, str | None]]()
    for point in points:
        try:
            if point.export:
                raise Fault(
                    f"export={point.export}: a sweep makes several models. Run the one that you want without -m and with export: "
                    "what is finished is not done again"
                )
            study = built(point, point.hydra)
            studies.append(study)
            if not tracking:
                continue
            kept = study.corpus.name, study.folder, study.record if study.method.asks else None
            if kept not in stores:
                _ = study.store
                study.tracker.check(study.corpus.name)
                recording.check(study)
            stores.add(kept)
            if not study.finished:
                study.check()
        except Fault as fault:
            faults.update(dict.fromkeys(str(fault).splitlines()))
    if faults:
        raise Fault("\n".join(faults))
    return studies
