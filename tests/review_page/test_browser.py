"""The page in a real browser: by keyboard alone, on narrow and wide screens, with hostile items, and through a kill."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.data.reviews import NAME, read_reviews

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[test]'")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs a browser: install chromium")

START = "from runner.review_page.command import main; main()"
HOSTILE = (
    ("Is <script>window.hurt = 1</script> run?", "<img src=x onerror='window.hurt = 1'> & <b>no</b>"),
    ("من فاز بالكأس؟", "فازت آدا بالكأس."),
    ("How long is it? " + "long " * 200, "word" * 1250),
)


class Server:
    """The command on a corpus of these labels, as a process of its own."""

    def __init__(self, root: Path, labels: Any) -> None:
        self.root, self.file = root, root / NAME
        (root / "documents").mkdir(parents=True)
        (root / "documents" / "cup.md").write_text("# Cup\n\nAda won the cup. Bea lost it by 3 points.\n", encoding="utf-8")
        rows = ({"question": question, "answer": answer, "section": "cup.md#Cup"} for question, answer in labels)
        (root / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        self.start()

    def start(self, port: int = 0) -> None:
        """Start the server, and wait for its address."""
        words = [sys.executable, "-c", START, str(self.root), "--port", str(port)]
        self.process = subprocess.Popen(
            words, stderr=subprocess.PIPE, text=True, env={**os.environ, "RUNNER_STORE": str(self.root)}
        )
        assert self.process.stderr
        for line in self.process.stderr:
            if address := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.address, self.port = address[0], int(address[1])
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End the server at once."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Three labels and three hostile ones."""
    labels = [(f"Who won cup {number}?", "Ada won the cup.") for number in range(12)]
    started = Server(tmp_path / "docs", [*labels, *HOSTILE])
    yield started
    started.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Any, server: Server, width: int = 1440) -> Any:
    """The page of the first item, after the name was given by keyboard."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(10_000)
    page.goto(server.address)
    playwright.expect(page.locator("#who")).to_be_focused(timeout=10_000)
    page.keyboard.type('Łukasz, "Luk"')
    page.keyboard.press("Enter")
    done(page, 0)
    page.wait_for_load_state("load")  # its scripts have run then
    return page


def done(page: Any, count: int) -> None:
    """Wait until so many items are done, and the page takes the next key."""
    playwright.expect(page.locator("label[for=done]")).to_contain_text(f"{count} of 15 done", timeout=10_000)
    # Until then a key is not taken, since it would judge an item that nobody has seen.
    playwright.expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0, timeout=10_000)


def test_labels_are_judged_by_keyboard_alone(browser: Any, server: Server) -> None:
    page = opened(browser, server)
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
    assert {each.who for each in reviews} == {'Łukasz, "Luk"'}


@pytest.mark.parametrize("width", [390, 1440])
def test_every_item_fits_and_is_accessible(browser: Any, server: Server, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, server, width)
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
    page = opened(browser, server)
    for count in range(1, 11):
        page.keyboard.press("a")
        done(page, count)
        server.kill()
        server.start(server.port)
        assert len(read_reviews(server.file)) == count
        page.reload()
        done(page, count)
