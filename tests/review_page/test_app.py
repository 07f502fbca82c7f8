"""The application: its files, and pages that do not exist."""

from pathlib import Path

from tests.review_page.given import client, session


def test_the_page_brings_its_own_files(tmp_path: Path) -> None:
    page = client(session(tmp_path))
    text = page.get("/").text
    assert "https://" not in text
    for name in ("page.css", "page.js", "htmx.min.js", "icon.svg"):
        assert page.get(f"/static/{name}").status_code == 200
        assert name in text


def test_a_page_that_does_not_exist_says_so(tmp_path: Path) -> None:
    answer = client(session(tmp_path)).get("/nothing")
    assert (answer.status_code, "This did not work" in answer.text) == (404, True)
