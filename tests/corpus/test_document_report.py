"""A line for each kind with its first example, and the whole lists."""

from runner.corpus import document_report
from runner.corpus.document_report import report
from tests.given import section

LICENCE = "Licensed under the Apache License; see the file LICENSE for details."


def test_each_kind_has_one_note_and_its_whole_list():
    texts = [LICENCE, LICENCE, LICENCE, "The register TX_CTRL has up to 3 fields.", "The register TX_CTRL has up to 4 fields."]
    whole = report([section(text, document=f"{number}.md") for number, text in enumerate(texts)], [])
    assert [*whole.notes(dropped=False)] == [
        f"paragraphs that many documents repeat, such as licences: 1, such as {LICENCE!r} in 3 documents; "
        "corpus.boilerplate=drop leaves them out",
        "sections that repeat another word for word: 2, such as 1.md#Final of 0.md#Final",
        "statements that may contradict each other: 1, such as 'The register TX_CTRL has up to 3 fields.' (3.md#Final) and "
        "'The register TX_CTRL has up to 4 fields.' (4.md#Final)",
    ]
    assert [kind for kind, _ in whole.remarks()] == ["boilerplate", "duplicate", "contradiction"]
    assert ("duplicate", "0.md#Final is repeated by 1.md#Final, 2.md#Final") in whole.remarks()


def test_too_many_sections_are_not_looked_through_and_that_is_told(monkeypatch):
    monkeypatch.setattr(document_report, "LARGEST", 1)
    whole = report([section(LICENCE), section(LICENCE, heading="Other")], [])
    assert [*whole.notes(dropped=False)] == ["more than 1 sections: repeated and contradicting text was not looked for"]
