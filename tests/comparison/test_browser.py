"""The page in a real browser: offline, by keyboard, on a narrow screen, in the dark and inside MLflow's frame."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.comparison import Response
from runner.comparison.page import page
from tests.comparison.given import large, pair, small
from tests.comparison.test_page import hostile

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[test]'")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs a browser: install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages under test, each built once; and one as MLflow shows it, in a frame without an origin of its own."""
    made = tmp_path_factory.mktemp("pages")
    for name, comparison in {"small": small(), "large": large(12, 400), "hostile": hostile()}.items():
        (made / f"{name}.html").write_text(page(comparison), encoding="utf-8")
    text = json.dumps(page(small())).replace("<", "\\u003c")
    address = f"URL.createObjectURL(new Blob([{text}], {{type: 'text/html'}}))"
    script = f'document.querySelector("iframe").src = {address}'
    frame = f'<iframe sandbox="allow-scripts" width="1000" height="800"></iframe><script>{script}</script>'
    (made / "framed.html").write_text(f"<!doctype html>{frame}", encoding="utf-8")
    return made


class View:
    """An open page with its console messages and its requests."""

    def __init__(self, browser: Any, file: Path, **options: Any) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}} | options)
        self.page.set_default_timeout(60_000)  # of a machine that is busy with other things
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())
        self.page.wait_for_function("document.querySelectorAll('iframe').length === frames.length")
        self.inner = self.page.frames[-1]
        self.inner.wait_for_selector("#question-list > li")
        self.inner.wait_for_function(
            "document.querySelectorAll('.chart svg').length === document.querySelectorAll('.chart').length"
        )


@pytest.fixture(scope="module")
def few(browser: Any, folder: Path) -> View:
    return View(browser, folder / "small.html")


@pytest.fixture(scope="module")
def many(browser: Any, folder: Path) -> View:
    return View(browser, folder / "large.html")


def test_an_ungraded_answer_of_several_trainings_counts_neither_way(browser: Any, tmp_path: Path) -> None:
    item = replace(small().items[0], responses={"base": Response(text="an answer", passed=0.5, graded=2)})
    (tmp_path / "page.html").write_text(page(replace(small(), items=[item])), encoding="utf-8")
    view = View(browser, tmp_path / "page.html")
    assert view.page.inner_text("#question-list .mark") == "1 of 2 right"
    view.page.close()


@pytest.mark.parametrize("name", ["small", "hostile", "framed"])
def test_the_page_works_without_a_complaint_and_asks_for_nothing(browser: Any, folder: Path, name: str) -> None:
    view = View(browser, folder / f"{name}.html")
    assert view.complaints == []
    assert [url for url in view.requests if not url.startswith((folder.as_uri(), "blob:"))] == []
    assert view.inner.evaluate("window.broken") is None
    view.page.close()


def test_links_lead_to_their_sections_in_a_frame_too(browser: Any, folder: Path) -> None:
    view = View(browser, folder / "framed.html")
    view.inner.locator("nav a", has_text="Questions").click()
    view.inner.wait_for_function("Math.abs(document.getElementById('questions').getBoundingClientRect().top) < 50")
    assert (view.inner.evaluate("document.activeElement.id"), view.complaints) == ("questions", [])
    view.page.close()


def test_every_figure_is_drawn_and_has_a_text_alternative(few: View) -> None:
    labels = few.page.locator("[role=img]").evaluate_all(
        "all => all.map(one => [one.ariaLabel, one.querySelectorAll('svg').length])"
    )
    assert [(bool(label), drawn) for label, drawn in labels] == [(True, 1)] * 7


def test_searching_narrows_the_questions_and_says_how_many_are_left(many: View) -> None:
    many.page.locator("#question-disputed").uncheck()
    assert many.page.locator("#question-count").inner_text() == "400 of 400 questions"
    many.page.locator("#question-search").fill("CASE 77?")
    assert many.page.locator("#question-count").inner_text() == "1 of 400 questions"
    assert many.page.locator("#question-list > li").get_attribute("data-id") == "q0077"
    many.page.locator("#question-search").fill("")


def test_the_toggle_leaves_the_questions_on_which_arms_disagree(many: View) -> None:
    disputed = sum(item.disputed for item in large(12, 400).items)
    many.page.locator("#question-disputed").check()
    assert many.page.locator("#question-count").inner_text() == f"{disputed} of 400 questions"


def test_a_category_leaves_its_own_questions(many: View) -> None:
    many.page.locator("#question-category").select_option("Power")
    about = many.page.locator("#question-list .asked p:last-child").all_inner_texts()
    assert {text.split(" · ")[0] for text in about} == {"Power"}
    many.page.locator("#question-category").select_option("*")


def test_questions_are_turned_over_page_by_page(many: View) -> None:
    first = many.page.locator("#question-list > li").first
    before = first.get_attribute("data-id")
    many.page.locator("#question-on").press("Enter")
    assert many.page.locator("#question-page").inner_text().startswith("Page 2 of")
    assert first.get_attribute("data-id") != before
    many.page.locator("#question-back").press("Enter")
    assert first.get_attribute("data-id") == before


def test_each_arm_answers_each_question_once(many: View) -> None:
    names = many.page.locator("#question-list > li").first.locator("td:last-child").all_inner_texts()
    arms = [name.removesuffix(" (taught)") for cell in names for name in cell.split(", ")]
    assert sorted(arms) == sorted(arm.name for arm in large(12, 400).arms)


def names_of_arms(view: View) -> list[str]:
    return view.page.locator("#arms tbody th").evaluate_all("all => all.map(one => one.dataset.value)")


def test_a_heading_sorts_its_column_both_ways_and_says_so(few: View) -> None:
    heading = few.page.locator("#arms thead th", has_text="Accuracy")
    heading.locator("button").click()
    assert (heading.get_attribute("aria-sort"), names_of_arms(few)[:2]) == ("descending", ["rag", "fact 5x"])
    heading.locator("button").click()
    assert (heading.get_attribute("aria-sort"), names_of_arms(few)[0]) == ("ascending", "base")


def test_an_arm_without_a_number_comes_last_whichever_way_one_sorts(few: View) -> None:
    button = few.page.locator("#arms thead th", has_text="Accuracy").locator("button")
    for _ in range(2):
        button.click()
        assert names_of_arms(few)[-1] == "human full"


def test_a_column_is_sorted_from_the_keyboard_alone(few: View) -> None:
    heading = few.page.locator("#arms thead th", has_text="Labels")
    heading.locator("button").focus()
    few.page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    few.page.keyboard.press("Space")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert few.page.locator("#arms thead th", has_text="Accuracy").get_attribute("aria-sort") == "none"


def test_the_first_tab_stop_skips_to_the_report(browser: Any, folder: Path) -> None:
    view = View(browser, folder / "small.html")
    view.page.keyboard.press("Tab")
    assert view.page.evaluate("document.activeElement.className") == "skip"
    assert view.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    view.page.keyboard.press("Enter")
    assert view.page.evaluate("document.activeElement.id") == "main"
    view.page.close()


def test_pairs_are_filtered_by_category_and_arm(few: View) -> None:
    shown = few.page.locator("#pairs-table tbody tr:visible")
    assert shown.count() == 15
    few.page.locator("#pair-category").select_option("Boot")
    assert set(shown.locator("td:nth-child(3)").all_inner_texts()) == {"Boot"}
    few.page.locator("#pair-arm").select_option("rag")
    assert (shown.count(), few.page.locator("#pair-count").inner_text()) == (5, "5 pairs shown")
    few.page.locator("#pair-category").select_option("*")
    assert shown.count() == 20


@pytest.mark.parametrize("name", ["small", "large", "hostile"])
def test_a_narrow_screen_needs_no_sideways_scrolling(browser: Any, folder: Path, name: str) -> None:
    view = View(browser, folder / f"{name}.html", viewport={"width": 390, "height": 800})
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth).length"
    assert view.page.locator("section > :not(.scroll), .chart svg").evaluate_all(wide) == 0
    view.page.close()


def test_page_and_figures_follow_the_scheme_of_the_reader(browser: Any, folder: Path) -> None:
    view = View(browser, folder / "small.html")
    colours = (
        "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.chart text')).fill]"
    )
    light = view.page.evaluate(colours)
    view.page.emulate_media(color_scheme="dark")
    dark = view.page.evaluate(colours)
    view.page.emulate_media(color_scheme="dark", media="print")
    assert light[0] == "rgb(255, 255, 255)"
    assert (dark[0] != light[0], dark[1] != light[1]) == (True, True)
    assert view.page.evaluate(colours)[1] == light[1]  # paper is white
    view.page.close()


def test_a_printed_page_holds_its_tables_whole(browser: Any, folder: Path) -> None:
    view = View(browser, folder / "large.html")
    view.page.set_viewport_size({"width": 1030, "height": 700})  # A4 across
    view.page.emulate_media(media="print")
    view.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 1030
    assert view.page.locator("details:not([open])").count() == 0
    view.page.close()


def test_logs_of_other_tools_are_shown_as_systems_and_items_with_any_score(browser: Any, tmp_path: Path) -> None:
    responses = {"old": Response(text="an answer", passed=0.47), "new": Response(text="another", passed=1.0)}
    item = replace(small().items[0], reference="", responses=responses)
    arms = [replace(arm, name=name, kind="system") for name, arm in zip(responses, small().arms, strict=False)]
    logged = replace(small(), base="old", corpus="exam", exam="", arms=arms, pairs=[pair("old", "new", 0.1)], items=[item])
    (tmp_path / "page.html").write_text(page(logged), encoding="utf-8")
    view = View(browser, tmp_path / "page.html")
    assert view.page.locator("nav a").all_inner_texts() == ["Systems", "Pairs", "Items"]
    assert view.page.locator("#question-list .mark").all_inner_texts() == ["✓ right", "score 0.47"]
    assert view.page.locator("#question-list th").all_inner_texts() == ["Grade", "Answer", "Systems"]
    assert "Reference" not in view.page.inner_text("#question-list")
    assert view.complaints == []
    view.page.close()
