"""Write a comparison as one HTML page.

The page needs no network, no other file and no storage of the browser.
"""

import json
import zlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from runner.comparison import Arm, Comparison, words
from runner.comparison.figures import figures
from runner.comparison.look import DARK, LIGHT, OWN, settings
from runner.comparison.renderer import script

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"
ROOM = 6_000_000  # characters of all answers together; compressed, they leave the page below 5 MB
LONGEST = (2000, 1000, 500, 250, 125)  # characters of one answer: the largest limit with which all fit; the page marks a cut
FILTERS = (words.percent, words.points, words.bounds, words.ends, words.chance, words.number, words.rate, words.level)


def page(comparison: Comparison) -> str:
    """Render the report for a browser or for MLflow.

    Texts of the exam and of models stay texts, whatever markup they hold.
    """
    drawn = figures(comparison)
    text = (
        _templates()
        .get_template("page.html")
        .render(
            comparison=comparison,
            tuned=[arm for arm in comparison.arms if arm.tuned],
            baselines=_baselines(comparison),
            costs=list(dict.fromkeys(name for arm in comparison.arms for name in arm.costs)),
            figures=drawn,
            specifications={name: figure.specification for name, figure in drawn.items()},
            config=settings(OWN, FONT),
            palettes={"light": LIGHT, "dark": DARK},
            font=Markup(FONT),  # a constant; escaped quotes would not be CSS
            questions=_packed(comparison),
            vega=Markup(_vega() if drawn else ""),
            checked=any("people" in agreement.graders for agreement in comparison.agreements),
        )
    )
    # A model may write half a surrogate pair, which UTF-8 can't hold.
    return text.encode("utf-8", "replace").decode()


@cache
def _templates() -> Environment:
    """Return the page's templates, which are compiled once."""
    files = PackageLoader("runner", "comparison")
    environment = Environment(loader=files, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    # Browsers refuse NaN in JSON. With it the page would show no figure, so it fails here.
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    environment.filters |= {write.__name__: write for write in FILTERS}
    environment.globals |= {"cost": words.cost, "ledger_columns": _ledger_columns, "versus": _versus}
    return environment


def _baselines(comparison: Comparison) -> list[Arm]:
    """Return the graded arms that the others are compared with."""
    chosen = [arm for arm in comparison.arms if (arm.name == comparison.base if comparison.base else not arm.tuned)]
    return [arm for arm in chosen if arm.accuracy]


def _versus(comparison: Comparison, arm: Arm, baseline: Arm) -> dict[str, Any] | None:
    """Compute an arm's gain over a baseline, with the verdict.

    Returns None if one of the two has no accuracy.
    """
    if not (arm.accuracy and baseline.accuracy):
        return None
    pair = comparison.pair(baseline.name, arm.name)
    if pair is None:
        return {"ahead": arm.accuracy.estimate - baseline.accuracy.estimate, "verdict": "not tested"}
    return {"ahead": pair.difference.estimate, "verdict": pair.verdict.value}


def _ledger_columns(arms: list[Arm]) -> dict[str, bool]:
    """Return the ledgers' columns in order of appearance.

    The value is True if a column holds numbers alone.
    """
    cells = [(str(name), isinstance(value, int | float)) for arm in arms for row in arm.ledger for name, value in row.items()]
    return {name: all(numeric for other, numeric in cells if other == name) for name, _ in cells}


def _packed(comparison: Comparison) -> str:
    """Pack the questions with all answers as compressed JSON.

    Arms and categories are given by number. A response is the arm, the text, the number of characters that were cut off,
    the share of the trainings that passed, and the number of graded trainings. page.js unpacks it.
    """
    # Names and categories are long and repeat in every row, so numbers stand for them.
    names = {arm.name: place for place, arm in enumerate(comparison.arms)}
    longest = _longest([len(response.text) for item in comparison.items for response in item.responses.values()])
    categories = sorted({item.category for item in comparison.items})
    places = {category: place for place, category in enumerate(categories)}
    rows = [
        [
            item.id,
            item.question,
            item.reference,
            places[item.category],
            item.fact,
            int(item.disputed),
            [
                [names[name], response.text[:longest], max(0, len(response.text) - longest), response.passed, response.graded]
                for name, response in item.responses.items()
            ],
            [names[name] for name in item.labelled],
        ]
        for item in comparison.items
    ]
    # Tables of scores have no answers.
    answered = not comparison.base or any(response.text for item in comparison.items for response in item.responses.values())
    content = {"arms": list(names), "categories": categories, "rows": rows, "answered": answered}
    # A script tag must hold no "</script", whatever the answers say. Base64 has no "<".
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode("utf-8", "replace"), 6)).decode()


def _longest(lengths: list[int]) -> int:
    """Return the longest answer with which all answers fit."""
    # Answers are cut all alike. Otherwise the arms at the end of the list would show less than the others.
    fitting = (longest for longest in LONGEST if sum(min(length, longest) for length in lengths) <= ROOM)
    return next(fitting, LONGEST[-1])


@cache
def _vega() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script."""
    with TemporaryDirectory() as scratch:
        # An end tag within a string of the script would end the script.
        return script(Path(scratch)).replace("</script", "<\\/script")
