"""Names of reviewers: any text, or one of those among whom the items are shared out."""

from pathlib import Path

from runner.review_page.plan import ReviewPlan
from tests.review_page.given import client, session


def test_a_name_with_commas_and_newlines_is_harmless(tmp_path: Path) -> None:
    reviewed, name = session(tmp_path), 'Łukasz; "Luk",\nof <b>DV</b>'
    page = client(reviewed, who=name)
    page.post("/verdict", data={"item": reviewed.queue.candidates[0].item.id, "verdict": "accept"})
    assert reviewed.state.last_of(name)
    assert "<b>DV" not in page.get("/").text


def test_only_named_people_review_shared_items(tmp_path: Path) -> None:
    reviewed = session(tmp_path, plan=ReviewPlan(reviewers=("ada", "bob")))
    page = client(reviewed, who="")
    assert page.post("/name", data={"who": "eve"}).status_code == 400
    assert page.post("/name", data={"who": " "}).status_code == 400
    assert "<option" in page.get("/name").text
    page.cookies.set("reviewer", "eve")
    assert "Begin" in page.get("/").text
