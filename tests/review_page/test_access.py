"""The page refuses other sites, other hosts, and those without the key."""

from pathlib import Path

import pytest

from tests.review_page.given import client, session


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_a_request_of_another_site_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    reviewed = session(tmp_path)
    data = {"item": reviewed.queue.candidates[0].item.id, "verdict": "accept"}
    page = client(reviewed)
    assert page.post("/verdict", data=data, headers=headers).status_code == 403
    assert not reviewed.file.exists()
    assert page.post("/verdict", data=data, headers={"Origin": "http://127.0.0.1:8010"}).status_code == 200
    assert reviewed.file.exists()


def test_another_host_name_is_refused_on_this_machine(tmp_path: Path) -> None:
    assert client(session(tmp_path)).get("/", headers={"Host": "rebound.example"}).status_code == 400


def test_without_the_key_only_the_form_is_shown(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    stranger = client(reviewed, who="", key="secret", host="0.0.0.0")
    assert "Key of this page" in stranger.get("/").text
    assert stranger.post("/name", data={"who": "Eve", "given": "guess"}).status_code == 400
    assert "How deep" not in stranger.get("/summary").text + stranger.get("/").text
    assert "How deep" in client(reviewed, key="secret", host="0.0.0.0").get("/").text


def test_no_inline_script_may_run_and_nothing_is_cached(tmp_path: Path) -> None:
    headers = client(session(tmp_path)).get("/").headers
    assert "script-src 'self'" in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_large_body_is_refused(tmp_path: Path) -> None:
    assert client(session(tmp_path)).post("/verdict", data={"item": "x" * 2_000_000}).status_code == 403
