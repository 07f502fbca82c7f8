"""Sections of today are divided by what became of them since a training."""

from dataclasses import replace

from runner.data.taught import Taught, changes, named_today, section_digests, still_true
from tests.given import label, section

FINAL, HOST = section("Ada won.", heading="Final"), section("It was held in Bergen.", heading="Host")
FORMER = section_digests([FINAL, HOST])


def test_a_section_with_other_words_is_changed_and_one_of_another_name_is_new():
    moved, crowd = replace(HOST, text="It was held in Oslo."), section("9000 people came.", heading="Crowd")
    found = changes(FORMER, [FINAL, moved, crowd])
    assert (found.unchanged, found.changed, found.withdrawn) == ({FINAL.id}, {moved.id}, ())
    assert found.relabelled == (moved, crowd)
    assert list(found.rows()) == [{"section": moved.id, "edition": "changed"}, {"section": crowd.id, "edition": "new"}]
    assert str(found) == "1 section unchanged, 1 changed, 1 new, 0 withdrawn"


def test_a_section_that_is_gone_is_withdrawn():
    assert changes(FORMER, [FINAL]).withdrawn == (HOST.id,)


def test_a_document_that_was_moved_or_wrapped_anew_is_unchanged():
    wrapped = replace(HOST, text="It was held\nin Bergen.", id="other.md#Host", document="other.md")
    found = changes(FORMER, [FINAL, wrapped])
    assert (found.relabelled, found.withdrawn) == ((), ())


def test_labels_on_changed_and_withdrawn_sections_are_no_longer_true():
    won, held, free = (label(name, section=where) for name, where in (("Who?", FINAL.id), ("Where?", HOST.id), ("What?", "")))
    taught = Taught(trainings=("a",), sections=FORMER, labels=(won, held, free))
    assert still_true(taught, [FINAL, replace(HOST, text="It was held in Oslo.")]) == (won, free)
    assert still_true(taught, [HOST]) == (held, free)


def test_labels_of_a_moved_document_name_its_section_of_today():
    labels = [label(f"Who is {where}?", section=where) for where in (FINAL.id, HOST.id, "", "gone")]
    moved, copy = replace(HOST, id="other.md#Host"), replace(FINAL, id="copy.md#Final")
    assert [each.section for each in named_today(labels, FORMER, [FINAL, copy, moved])] == [FINAL.id, moved.id, "", "gone"]
