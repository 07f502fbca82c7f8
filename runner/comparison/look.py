"""Define the colours of a report and of its charts."""

from collections.abc import Mapping

Palette = Mapping[str, str]  # a colour in CSS's notation, by its purpose

# tests/comparison/test_look.py holds the contrasts that WCAG 2.2 asks for: 4.5 for text, 3 for marks.

LIGHT: Palette = {
    "paper": "#ffffff",
    "raised": "#f4f6f9",
    "ink": "#1a222d",
    "quiet": "#55606f",
    "rule": "#d5dbe3",
    "accent": "#1f5fa8",
    "good": "#17683f",
    "bad": "#a32a2a",
    "warning": "#7d5200",
    "baseline": "#5b6675",
    "one": "#1f5fa8",
    "two": "#b9500f",
    "three": "#1b7a52",
    "four": "#a1327e",
    "five": "#7a6000",
    "six": "#0d7482",
    "seven": "#6547b5",
    "eight": "#8c3b3b",
}
DARK: Palette = {
    "paper": "#12171e",
    "raised": "#1b222c",
    "ink": "#e6eaf0",
    "quiet": "#a6b0bd",
    "rule": "#37414e",
    "accent": "#86b8f2",
    "good": "#74cf9f",
    "bad": "#f09a94",
    "warning": "#e6bc63",
    "baseline": "#a9b3c0",
    "one": "#7fb4f2",
    "two": "#f3a56b",
    "three": "#6dcba1",
    "four": "#e78fca",
    "five": "#dabd4e",
    "six": "#64c8d6",
    "seven": "#b6a4f3",
    "eight": "#e79c9c",
}
SERIES = ("one", "two", "three", "four", "five", "six", "seven", "eight")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")

# In the page, charts refer to the page's own colours. So they follow a change between light and dark without a redraw.
OWN: Palette = {name: f"var(--{name})" for name in LIGHT}


def settings(palette: Palette, font: str, paper: str | None = None) -> dict[str, object]:
    """Return the Vega-Lite config that all charts share.

    Charts name styles and never colours, so that one chart serves both the page and the PNG files.
    """
    text = {"labelColor": palette["quiet"], "titleColor": palette["quiet"], "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": paper,
        "font": font,
        "aria": False,  # each figure has a text alternative in the page; Vega's own would be read out twice
        "padding": 6,
        "view": {"stroke": None},
        "range": {"category": [palette[name] for name in SERIES], "symbol": list(SHAPES)},
        "axis": {**text, "titleFontWeight": "normal", "domainColor": palette["rule"], "tickColor": palette["rule"]}
        | {"gridColor": palette["rule"], "gridOpacity": 0.6, "labelLimit": 0, "labelSeparation": 5},
        "legend": {**text, "orient": "top", "labelLimit": 0, "columns": 4, "symbolOpacity": 1, "title": None},
        "header": {"labelColor": palette["ink"], "labelFontSize": 12, "labelFontWeight": "bold", "labelLimit": 260},
        "style": {
            "name": {"color": palette["ink"], "fontSize": 11},
            "baseline": {"color": palette["baseline"], "strokeDash": [5, 4], "strokeWidth": 1.5},
            "untuned": {"color": palette["baseline"]},
            "around": {"color": palette["baseline"], "opacity": 0.1},
            "floor": {"color": palette["bad"], "strokeDash": [3, 3], "strokeWidth": 1.5},
            "floor-name": {"color": palette["bad"], "fontSize": 11},
        },
    }
