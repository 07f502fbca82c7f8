"""Facts are listed section by section and filtered by purpose; the tally counts what was dropped."""

import json

from runner.data.records import Prompt
from runner.method.asking import Tally
from runner.method.fact_listing import FactListing, by_section
from runner.method.repeated_facts import FactList
from tests.given import Scripted, said, section

CUP, LEAGUE = section("Ada won."), section("Bob came.", document="league.md", heading="Start")


def replied(prompt: Prompt) -> str:
    """Three entries for a section, one of them empty and one repeated; of numbers the first."""
    if said(prompt).startswith("list"):
        return json.dumps([said(prompt), said(prompt), " "])
    return "[1]"


def test_the_parts_can_be_asked_for_one_after_the_other_into_one_ledger() -> None:
    listing, teacher, tally = FactListing("list {text}", "{purpose}: {facts}", 100, 0), Scripted(replied), Tally("facts")
    sections = {each.id: each for each in (CUP, LEAGUE)}
    facts = FactList(sections)
    kept = []
    for each in (CUP, LEAGUE):
        before = len(facts)
        listing.add([each], facts, teacher, tally)
        kept += listing.relevant(by_section([*facts][before:]), sections, "Know.", teacher, tally)
    assert [fact.text for fact in kept] == ["list Ada won.", "list Bob came."]
    ledger = tally.close()
    assert (ledger.requested, ledger.kept) == (6, 2)
    assert ledger.filtered == {"duplicate": 2, "empty": 2, "irrelevant": 0}
