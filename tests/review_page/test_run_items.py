"""The items of a tracked sweep: answers with the grades of all arms."""

from pathlib import Path

from runner.review_page.run_items import run_items
from tests.commands.given import overrides, past


def test_the_answers_of_a_sweeps_arms_are_items_with_their_grades(tracking_uri: str, tmp_path: Path) -> None:
    ids = past(tracking_uri)
    gathered = run_items([ids["first"], *overrides(tracking_uri, tmp_path)])
    answers = [each for each in gathered.candidates if each.item.kind == "answer"]
    assert {arm for each in answers for arm, _ in each.grades} == {"base", "fact 1x"}
    assert gathered.notes and "no section is shown" in gathered.notes[0]
