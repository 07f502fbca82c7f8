"""Studies in, the printed forecast of their costs out."""

from collections.abc import Mapping, Sequence
from math import isnan

from rich.markup import escape
from rich.table import Table

from runner.comparison.words import cost, counted, number
from runner.config.study import TUNED, Study
from runner.corpus.folder import Folder
from runner.data.text import PER_TOKEN
from runner.pipeline.exam import examine_documents
from runner.pipeline.experiment import experiment
from runner.pipeline.label_only import labelled
from runner.preview.estimate import SIDES, Estimate
from runner.preview.forecast import ArmNames, Forecast, ForecastExecutor
from runner.preview.history import Times, mean_seconds, requests_before
from runner.preview.ranges import SAMPLE, ranges
from runner.refine import LabelsAgain
from runner.terminal.plain_text import PlainConsole

PLAIN = 160  # columns where there is no terminal, so that no cell is broken into two lines
HALF = 0.5  # of the time that is left: general questions that take more are told
TimesByPlace = Mapping[tuple[str, str], Times]  # by stage and model
HEADINGS = ("kept", "left to ask", "tokens in", "tokens out", "left to pay", "time left", "paid before")


def forecast(studies: Sequence[Study], names: ArmNames | None = None) -> Forecast:
    """Forecast the pipeline of each study."""
    # Smaller sizes first: a larger size sends the same requests and more, so it is counted by what it adds.
    total = Forecast()
    for study in sorted(studies, key=lambda study: study.size.scale):
        executor = ForecastExecutor(study, total, names or {})
        if study.settings.labels_only:
            labelled(study, executor)
            continue
        if study.exam.asks:
            examine_documents(study, executor)
        experiment(study, executor)
    return total


def show(studies: Sequence[Study], names: ArmNames, fewest: Sequence[Study] = ()) -> Forecast:
    """Print the arms, then requests, costs and time by stage.

    `fewest` are the same studies with the fewest trainings, if their number is not fixed.
    """
    total = forecast(studies, names)
    times = _times(total, studies[0])
    console = PlainConsole(emoji=False, force_jupyter=False, width=None if PlainConsole().is_terminal else PLAIN)
    labels_only = studies[0].settings.labels_only
    titles = [study.title(TUNED) for study in studies] if labels_only else [*names.values()]
    kind = "labels alone" if labels_only else counted(len(names), "arm")
    console.print(f"{counted(len(studies), 'run')}, {kind}: {', '.join(titles)}", markup=False)
    for line in dict.fromkeys(map(_corpus, studies)):  # once, where all studies have one corpus
        console.print(line, markup=False)
    console.print(_table(total, studies[0], times))
    if not labels_only:
        console.print(_trainings(total), markup=False)
    if fewest:
        console.print(_range(studies[0], fewest, names), markup=False)
    for arm, shortage in total.shortages.items():
        console.print(f"- {arm}: {shortage}.", markup=False)
    first = studies[0]
    # Other corpora have no setting for a sample, and a corpus may be as small as that already.
    sampled = isinstance(first.corpus, Folder) and len(first.material.sections) > SAMPLE
    likely = ranges(total.estimates.values(), first.settings.prices, sampled)
    supposed = [*_unwritten(first), *_at_most(studies), *_notes(total), *likely]
    for note in [*supposed, *_general(total, times), *_basis(times), *total.notes]:
        console.print(f"- {note}", markup=False)
    return total


def _trainings(total: Forecast) -> str:
    """Count the trainings."""
    left = [seconds for seconds in total.trainings.values() if seconds]  # 0 for trainings that are kept
    time = f": {_about(cost('seconds', sum(left)))}" if left else ""
    return f"{counted(len(total.trainings), 'training')}, {number(len(left))} left to do{time}"


def _range(most: Study, fewest: Sequence[Study], names: ArmNames) -> str:
    """Sum up the fewest trainings, beside the most."""
    least, few = forecast(fewest, names), fewest[0].settings
    requests = sum(estimate.left.requests for estimate in least.estimates.values())
    usd = sum(estimate.usd(few.prices)[0] for estimate in least.estimates.values())
    return (
        f"This is the most that seeds=auto may need, {most.settings.trainings} trainings of each arm. With {few.trainings} "
        f"of each, it is {_trainings(least)}; {counted(requests, 'request')} left to ask, {_about(cost('usd', usd))} left to pay"
    )


def _unwritten(study: Study) -> list[str]:
    """Say that the exam is yet to be written."""
    if not study.exam_missing:
        return []
    count = counted(len(study.material.questions), "question")
    return [f"exam: {study.examiner.name} has yet to write it, and {count} are supposed; there may be fewer."]


def _at_most(studies: Sequence[Study]) -> list[str]:
    """Say that rounds may be fewer."""
    rounds = {study.choices["refine"]: study.refine for study in studies if isinstance(study.refine, LabelsAgain)}
    return [
        f"refine={choice}: at most. Counted are {counted(refine.rounds, 'round')}, each with labels on all facts or sections. "
        "Which ones the student fails, and when practice no longer improves, is not known before."
        for choice, refine in rounds.items()
    ]


def _corpus(study: Study) -> str:
    """Count what was read of a corpus."""
    # A user sees here that documents or questions are missing, before anything is paid for.
    material = study.material
    counts = {
        "document": len({section.document for section in material.sections}),
        "section": len(material.sections),
        "question": len(material.questions),
        "human label": len(material.labels),
    }
    categories = ", ".join(dict.fromkeys(question.category for question in material.questions))
    asked = f"; asked on {categories}" if categories else ""
    return f"{study.corpus.name}: {', '.join(counted(many, noun) for noun, many in counts.items())}{asked}"


def _table(total: Forecast, study: Study, times: TimesByPlace) -> Table:
    table = Table()
    for heading in ("stage", "model"):
        table.add_column(heading)
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for place, estimate in total.estimates.items():
        table.add_row(estimate.stage, escape(estimate.model), *_cells(estimate, study, times.get(place, ())))
    # An unknown price is nan, and makes the sum unknown too.
    costs = [estimate.usd(study.settings.prices) for estimate in total.estimates.values()]
    left, before = (sum(usd) for usd in zip(*costs, strict=True)) if costs else (0.0, 0.0)
    table.add_row("all", "", "", "", "", "", _about(cost("usd", left)), "", cost("usd", before), style="bold")
    return table


def _cells(estimate: Estimate, study: Study, times: Times) -> list[str]:
    left, before = (cost("usd", usd) for usd in estimate.usd(study.settings.prices))
    kept = [number(estimate.kept.requests)]
    if not estimate.left.requests:
        return [*kept, "0", "", "", left, "", before]
    requests = number(estimate.left.requests)
    if estimate.left.trained:  # the time of trainings is in a line below the table
        return [*kept, requests, _about(number(estimate.left.trained)), "", _about(left), "", before]
    tokens = (_about(number(estimate.tokens()[side])) for side in SIDES)
    time = _about(cost("seconds", estimate.left.requests * mean_seconds(times)))
    return [*kept, _about(requests) if estimate.about else requests, *tokens, _about(left), time, before]


def _times(total: Forecast, study: Study) -> TimesByPlace:
    """Return earlier requests of each estimate that has some left."""
    left = {place: each for place, each in total.estimates.items() if each.left.requests and not each.left.trained}
    # Of a model that is not tuned yet no time is known. It answers about as fast as its base.
    return {
        place: requests_before(study.store, each.stage, each.model.removeprefix("ft:"), each.batch)
        for place, each in left.items()
    }


def _about(amount: str) -> str:
    return amount if amount in ("unknown", "$0.00") else f"about {amount}"


def _notes(total: Forecast) -> list[str]:
    """Explain how the numbers were estimated."""
    estimates = [estimate for estimate in total.estimates.values() if estimate.left.requests]
    notes = []
    if guessed := [estimate.stage for estimate in estimates if estimate.about]:
        notes.append(f"{', '.join(guessed)}: requests depend on replies that are not there yet; usual lengths are assumed.")
    if any(estimate.left.trained for estimate in estimates):
        notes.append("tune: tokens times tuner.epochs; where that is auto, as many as OpenAI's cookbook says its host takes.")
    if rough := sorted({estimate.model for estimate in estimates if estimate.hosted and not estimate.kept.tokens["prompt"]}):
        notes.append(f"{', '.join(rough)}: about {PER_TOKEN:.0f} characters a token, without what a model thinks first.")
    if by_batch := sorted({estimate.model for estimate in estimates if estimate.batch}):
        notes.append(f"{', '.join(by_batch)}: by the Batch API, at its lower price; a batch may take a day.")
    if measured := sorted({estimate.model for estimate in estimates if estimate.kept.tokens["prompt"]}):
        notes.append(f"{', '.join(measured)}: tokens by the characters a token of the replies that are kept.")
    return notes


def _general(total: Forecast, times: TimesByPlace) -> list[str]:
    """Warn of general questions that take most of the time."""
    # In a small study the shipped questions, asked before and after each training, are most of the work.
    if not times:
        return []
    left = [(total.estimates[place], mean_seconds(known)) for place, known in times.items()]
    seconds = sum(estimate.general * mean for estimate, mean in left if estimate.general)
    trainings = sum(time for time in total.trainings.values() if not isnan(time))
    every = sum(estimate.left.requests * mean for estimate, mean in left) + trainings
    count, requests = sum(each.general for each, _ in left), sum(each.left.requests for each, _ in left)
    # Where a time is not known, by the requests.
    if (count / requests if isnan(every) else seconds / every) <= HALF:
        return []
    time = "" if isnan(seconds) else f", {_about(cost('seconds', seconds))}"
    advice = "retention=none leaves them out, retention.questions=40 asks fewer"
    return [f"{number(count)} of {number(requests)} requests are general questions of retention{time}: {advice}."]


def _basis(times: TimesByPlace) -> list[str]:
    """Say on what the times rest."""
    if not times:
        return []
    counts = {place: counted(sum(count for count, _ in known), "request") for place, known in times.items()}
    known = ", ".join(f"{stage} {model} {count}" for (stage, model), count in counts.items())
    return [
        f"Time is the mean of what this store has: {known}; unknown without any. They are of other studies too, and "
        "each run adds its own, so two previews may differ. Long prompts, and other work on the machine, took longer."
    ]
