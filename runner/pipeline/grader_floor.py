"""A grader and people's grades in, a Fault out."""

from dataclasses import replace

from runner.comparison.agreement import LEAST
from runner.comparison.words import bounds, percent
from runner.config.study import Study
from runner.errors import Fault
from runner.grader import HasFloor
from runner.pipeline.answer import grade
from runner.pipeline.executor import Executor
from runner.pipeline.results import Output
from runner.pipeline.reviewing import grades


def check_grader(study: Study, executor: Executor) -> None:
    """Ask the judge about the answers that people graded.

    Raise a Fault if it is shown to agree with people less often than its floor. With fewer than `LEAST` such answers nobody is
    asked: the report then says that the judge is not measured. The grades are a stage, so they are kept and forecast.
    """
    floor = study.grader.floor if study.grader.asks and isinstance(study.grader, HasFloor) else None
    if not floor or len(markings := grades(study)) < LEAST:
        return
    # Imported here, since it loads the rules of `match`, and a forecast of most studies needs none.
    from runner.grader.agreement import as_exam, beside_people

    questions, answers = as_exam(markings)
    given = grade(study, executor, questions, Output(value=answers))
    if given.guess:
        return
    name, judge = study.choices["grader"], study.choices["model@judge"]
    agreement = replace(beside_people(name, markings, given.value), floor=floor)
    if agreement.below_floor:
        setting = "grader.judge.floor" if name == "both" else "grader.floor"
        raise Fault(
            f"grader={name}: with model@judge={judge} ({study.judge.name}) it gives the verdict of people on "
            f"{percent(agreement.agreed)} of {agreement.questions} answers (95% interval {bounds(agreement.share)}). It passes "
            f"{agreement.only_first} that people fail, and fails {agreement.only_second} that people pass. Expected "
            f"{100 * floor:g}% at least ({setting}={floor:g}). Take another model@judge, choose grader=match, or lower {setting} "
            "(null accepts any judge)"
        )
