"""Built studies to the table that tells what their command would ask, pay and take, and what of it is kept."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from runner.comparison.words import cost, number
from runner.config.study import Study
from runner.data.text import PER_TOKEN
from runner.preview.estimate import SIDES, Line
from runner.preview.forecast import Foresight
from runner.preview.history import per_request

PLAIN = 160  # columns where there is no terminal
HEADINGS = ("kept", "left to ask", "tokens in", "tokens out", "left to pay", "time left", "paid before")


def show(studies: Sequence[Study], arms: Sequence[str]) -> Foresight:
    """Print the grid and, by stage and model, what is kept and what is left to ask and to pay."""
    foresight = Foresight()
    for study in sorted(studies, key=lambda study: study.size.scale):
        foresight.add(study)
    console = Console(emoji=False, width=None if Console().is_terminal else PLAIN)
    console.print(f"{_many(len(studies), 'run')}, {_many(len(arms), 'arm')}: {', '.join(arms)}", markup=False)
    for corpus in dict.fromkeys(map(_corpus, studies)):
        console.print(corpus, markup=False)
    console.print(_table(foresight, studies[0]))
    left = [seconds for seconds in foresight.trainings.values() if seconds]
    told = f": {_about(cost('seconds', sum(left)))}" if left else ""
    console.print(f"{_many(len(foresight.trainings), 'training')}, {number(len(left))} left to do{told}", markup=False)
    for arm, shortage in foresight.short.items():
        console.print(f"- {arm}: {shortage}.", markup=False)
    for note in _notes(foresight):
        console.print(f"- {note}", markup=False)
    return foresight


def _corpus(study: Study) -> str:
    """What was read of a corpus."""
    material = study.material
    documents = {section.document for section in material.sections}
    counts = {
        "document": len(documents),
        "section": len(material.sections),
        "question": len(material.questions),
        "human label": len(material.labels),
    }
    categories = ", ".join(dict.fromkeys(question.category for question in material.questions))
    return f"{study.corpus.name}: {', '.join(_many(many, what) for what, many in counts.items())}; asked on {categories}"


def _many(count: int, what: str) -> str:
    return f"{number(count)} {what}{'' if count == 1 else 's'}"


def _table(foresight: Foresight, study: Study) -> Table:
    table = Table()
    for heading in ("stage", "model"):
        table.add_column(heading)
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for line in foresight.lines.values():
        table.add_row(line.stage, escape(line.model), *_cells(line, study))
    left, before = (sum(usd) for usd in zip(*(line.usd(study.prices) for line in foresight.lines.values()), strict=True))
    table.add_row("all", "", "", "", "", "", _about(cost("usd", left)), "", cost("usd", before), style="bold")
    return table


def _cells(line: Line, study: Study) -> list[str]:
    left, before = (cost("usd", usd) for usd in line.usd(study.prices))
    kept = [number(line.kept.requests)]
    if line.unknown:
        return [*kept, "unknown", "unknown", "unknown", left, "unknown", before]
    if not line.left.requests:
        return [*kept, "0", "", "", left, "", before]
    asked = number(line.left.requests)
    if line.left.trained:  # how long the trainings take is told below
        return [*kept, asked, _about(number(line.left.trained)), "", _about(left), "", before]
    tokens = (_about(number(line.tokens()[side])) for side in SIDES)
    seconds = line.left.requests * per_request(study.store.folder, line.stage, line.model.removeprefix("ft:"), line.batch)
    return [*kept, _about(asked) if line.about else asked, *tokens, _about(left), _about(cost("seconds", seconds)), before]


def _about(told: str) -> str:
    return told if told in ("unknown", "$0.00") else f"about {told}"


def _notes(foresight: Foresight) -> list[str]:
    lines = [line for line in foresight.lines.values() if line.left.requests]
    notes = []
    if guessed := [line.stage for line in lines if line.about]:
        notes.append(
            f"{', '.join(guessed)}: what is asked follows from replies that nobody has given yet; ones of the usual length are "
            "assumed."
        )
    if any(line.left.trained for line in lines):
        notes.append(
            "tune: tokens times tuner.epochs; where that is auto, as many as OpenAI's cookbook says that its host takes."
        )
    if rough := sorted({line.model for line in lines if line.hosted and not line.kept.tokens["prompt"]}):
        notes.append(
            f"{', '.join(rough)}: tokens by about {PER_TOKEN:.0f} characters each, and without what a model thinks first."
        )
    if by_batch := sorted({line.model for line in lines if line.batch}):
        notes.append(f"{', '.join(by_batch)}: by the Batch API, at its lower price; a batch may take a day.")
    if measured := sorted({line.model for line in lines if line.kept.tokens["prompt"]}):
        notes.append(f"{', '.join(measured)}: tokens by the characters a token of the replies that are kept.")
    if lines:
        notes.append("Time is that of the same stage and model before, request by request; unknown where this store holds none.")
    return notes
