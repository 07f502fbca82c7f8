"""The page of a sweep of 24 arms and 2,000 questions: seconds to build it, its size, seconds until a browser shows it."""

import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runner.comparison.figures import write
from runner.comparison.page import page
from tests.comparison.given import large

ARMS, QUESTIONS = 24, 2000
WORD = "labels"  # to search for


def shown(file: Path) -> str:
    """Seconds until the first questions stand in Chromium, and milliseconds of a search through all answers."""
    browser = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None:
        return "no browser here to show it: install chromium"
    from playwright.sync_api import sync_playwright

    search = f"""() => {{
        const [box, began] = [document.getElementById("question-search"), performance.now()];
        box.value = "{WORD}";
        box.dispatchEvent(new Event("input"));
        return performance.now() - began;
    }}"""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        view = opened.new_page()
        view.set_default_timeout(300_000)
        began = time.monotonic()
        view.goto(file.as_uri())
        view.wait_for_selector("#question-list > li")
        seconds = time.monotonic() - began
        milliseconds = view.evaluate(search)
        opened.close()
    return f"shown in {seconds:.1f} s, searched in {milliseconds:.0f} ms"


def main() -> None:
    """Build, weigh and show the page; draw the figures."""
    comparison = large(ARMS, QUESTIONS)
    began = time.monotonic()
    text = page(comparison)
    built = time.monotonic() - began
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(text, encoding="utf-8")
        told = f"{ARMS} arms, {QUESTIONS:,} questions: built in {built:.1f} s, {file.stat().st_size / 1e6:.2f} MB, {shown(file)}"
        began = time.monotonic()
        files = write(comparison, Path(folder))
        drawn = time.monotonic() - began
    print(f"{told}; {len(files)} figures as PNG in {drawn:.1f} s ({os.cpu_count()} cores, {platform.machine()})")


if __name__ == "__main__":
    main()
