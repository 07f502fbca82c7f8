"""The command as a server of its own, and its page in Chromium, driven by keyboard."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from runner.data.reviews import NAME

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
START = "from runner.review_page.command import main; main()"


class Server:
    """The command on a corpus, as a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root, self.file = root, root / NAME
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


def write_corpus(root: Path, documents: Mapping[str, str], labels: Iterable[Mapping[str, str]]) -> Path:
    """Write a folder of documents with people's labels."""
    (root / "documents").mkdir(parents=True)
    for name, text in documents.items():
        (root / "documents" / name).write_text(text, encoding="utf-8")
    (root / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in labels), encoding="utf-8")
    return root


class Chromium:
    """A browser in a process group of its own, so that all of it can be killed."""

    def __init__(self, driver: Any, profile: Path) -> None:
        words = [str(BROWSER), "--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)
        assert self.process.stderr
        address = next((found[1] for line in self.process.stderr if (found := re.search(r"listening on (ws://\S+)", line))), None)
        assert address, "the browser did not start"
        self.browser = driver.chromium.connect_over_cdp(address)

    def kill(self) -> None:
        """End the browser at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def started_chromium(driver: Any) -> Any:
    """Start a Chromium of Playwright's driver."""
    return driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])


def opened(browser: Any, address: str, who: str, width: int = 1440) -> Any:
    """Open the page of the first item, after the name was given by keyboard."""
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(10_000)
    page.goto(address)
    expect(page.locator("#who")).to_be_focused(timeout=10_000)
    page.keyboard.type(who)
    page.keyboard.press("Enter")
    expect(page.locator("label[for=done]")).to_contain_text("done", timeout=10_000)
    page.wait_for_load_state("load")  # its scripts have run then
    return page
