"""A comparison in; one HTML page out that needs nothing else: no network, no other file, no storage."""

import json
import zlib
from base64 import b64encode
from functools import cache
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from runner.comparison import Arm, Comparison, words
from runner.comparison.figures import VERSION, figures
from runner.comparison.look import DARK, LIGHT, OWN, settings
from runner.statistics import Verdict

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"
ROOM = 6_000_000  # characters of all answers together, of which a page of at most 5 MB is made
LONGEST = (2000, 1000, 500, 250, 125)  # characters of one answer: as many as there is room for; the page says what it cut


def page(comparison: Comparison) -> str:
    """The report of a comparison, to be opened in any browser or shown by MLflow; texts of the exam stay texts."""
    files = PackageLoader("runner", "comparison")
    environment = Environment(loader=files, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    environment.filters |= {name: getattr(words, name) for name in ("percent", "points", "bounds", "ends", "chance", "number")}
    environment.globals |= {"cost": words.cost, "grid": _grid, "versus": _versus, "union": _union}
    drawn = figures(comparison)
    text = environment.get_template("page.html").render(
        comparison=comparison,
        tuned=[arm for arm in comparison.arms if arm.tuned],
        baselines=[arm for arm in comparison.arms if not arm.tuned and arm.accuracy],
        figures=drawn,
        specifications={name: figure.specification for name, figure in drawn.items()},
        config=settings(OWN, FONT),
        palettes={"light": LIGHT, "dark": DARK},
        font=Markup(FONT),  # a constant, and CSS
        questions=_packed(comparison),
        vega=Markup(_vega() if drawn else ""),
        checked=any("people" in agreement.graders for agreement in comparison.agreements),
    )
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair, which a model may write, can't be saved


def _versus(comparison: Comparison, arm: Arm, baseline: Arm) -> dict[str, Any] | None:
    """How far an arm is ahead of a baseline, with the verdict where the two were compared; None where one has no accuracy."""
    if not (arm.accuracy and baseline.accuracy):
        return None
    pair = comparison.pair(baseline.name, arm.name)
    if pair is None:
        return {"ahead": arm.accuracy.estimate - baseline.accuracy.estimate, "verdict": "not tested"}
    told = {Verdict.BETTER: "ahead", Verdict.WORSE: "behind"}
    return {"ahead": pair.difference.estimate, "verdict": told.get(pair.verdict, pair.verdict.value)}


def _union(arms: list[Arm], field: str) -> list[str]:
    """The names that any arm has a cost or a parameter of, in order of appearance."""
    return list(dict.fromkeys(name for arm in arms for name in getattr(arm, field)))


def _grid(arms: list[Arm]) -> dict[str, bool]:
    """The columns of the arms' ledgers, in order of appearance, and whether they hold numbers alone."""
    cells = [(str(name), isinstance(value, int | float)) for arm in arms for row in arm.ledger for name, value in row.items()]
    return {name: all(numeric for other, numeric in cells if other == name) for name, _ in cells}


def _packed(comparison: Comparison) -> str:
    """The questions with all answers as JSON, compressed: they are most of a page, and much in them repeats.

    Arms and categories stand by number; a response is its text, the characters cut off it, which share passed, and of how many.
    """
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
                [names[name], one.text[:longest], max(0, len(one.text) - longest), one.passed, one.graded]
                for name, one in item.responses.items()
            ],
            [names[name] for name in item.labelled],
        ]
        for item in comparison.items
    ]
    content = {"arms": list(names), "categories": categories, "rows": rows}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode("utf-8", "replace"), 6)).decode()


def _longest(lengths: list[int]) -> int:
    """How much of one answer a page holds, so that there is room for all."""
    fitting = (longest for longest in LONGEST if sum(min(length, longest) for length in lengths) <= ROOM)
    return next(fitting, LONGEST[-1])


@cache
def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script; it holds no end tag, which would end it early."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", VERSION).replace("</script", "<\\/script")
