"""The page in a real browser: by keyboard alone, on narrow and wide screens, with hostile items, and through a kill."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.data.reviews import read_reviews
from tests.review_page.browser import BROWSER, Chromium, Server, opened, started_chromium, write_corpus

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[test]'")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs a browser: install chromium")

WHO = 'Łukasz, "Luk"'
HOSTILE = (
    ("Is <script>window.hurt = 1</script> run?", "<img src=x onerror='window.hurt = 1'> & <b>no</b>"),
    ("من فاز بالكأس؟", "فازت آدا بالكأس."),
    ("How long is it? " + "long " * 200, "word" * 1250),
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Twelve labels and three hostile ones."""
    labels = [*((f"Who won cup {number}?", "Ada won the cup.") for number in range(12)), *HOSTILE]
    rows = [{"question": question, "answer": answer, "section": "cup.md#Cup"} for question, answer in labels]
    documents = {"cup.md": "# Cup\n\nAda won the cup. Bea lost it by 3 points.\n"}
    started = Server(write_corpus(tmp_path / "docs", documents, rows))
    yield started
    started.kill()


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(driver: Any) -> Iterator[Any]:
    started = started_chromium(driver)
    yield started
    started.close()


def done(page: Any, count: int) -> None:
    """Wait until so many items are done, and the page takes the next key."""
    playwright.expect(page.locator("label[for=done]")).to_contain_text(f"{count} of 15 done", timeout=10_000)
    # Until then a key is not taken, since it would judge an item that nobody has seen.
    playwright.expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0, timeout=10_000)


def test_labels_are_judged_by_keyboard_alone(browser: Any, server: Server) -> None:
    page = opened(browser, server.address, WHO)
    page.keyboard.press("a")
    done(page, 1)
    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("Ada.")
    page.keyboard.press("Control+Enter")
    done(page, 2)
    page.keyboard.press("r")
    done(page, 3)
    page.keyboard.press("u")
    done(page, 2)
    reviews = read_reviews(server.file)
    assert [each.verdict for each in reviews] == ["accept", "edit", "reject", "undo"]
    assert reviews[1].after and reviews[1].after.answer == "Ada."
    assert {each.who for each in reviews} == {WHO}


@pytest.mark.parametrize("width", [390, 1440])
def test_every_item_fits_and_is_accessible(browser: Any, server: Server, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, server.address, WHO, width)
    for count in range(1, 16):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if count in (1, 8, 15):
            assert [each["id"] for each in axe.run(page).response["violations"]] == []
        page.keyboard.press("a")
        done(page, count)
    assert page.evaluate("window.hurt") is None
    assert {each.before.question for each in read_reviews(server.file)} >= {question.strip() for question, _ in HOSTILE}


@pytest.mark.slow
def test_nothing_that_was_shown_as_done_is_lost_by_kills(browser: Any, server: Server) -> None:
    page = opened(browser, server.address, WHO)
    for count in range(1, 11):
        page.keyboard.press("a")
        done(page, count)
        server.kill()
        server.start(server.port)
        assert len(read_reviews(server.file)) == count
        page.reload()
        done(page, count)


@pytest.mark.slow
def test_nothing_that_was_shown_as_done_is_lost_by_kills_of_the_browser(driver: Any, server: Server, tmp_path: Path) -> None:
    kept = 0
    for turn in range(10):
        chromium = Chromium(driver, tmp_path / f"profile-{turn}")
        try:
            page = opened(chromium.browser, server.address, WHO)
            done(page, kept)
            page.keyboard.press("a")
            # In every other round the key is on its way when the browser ends.
            if turn % 2 == 0:
                done(page, kept + 1)
        finally:
            chromium.kill()
        there = len(read_reviews(server.file))
        assert there == kept + 1 if turn % 2 == 0 else there in (kept, kept + 1)
        kept = there
