"""Blocks are written as Markdown, and what is unknown is left out."""

from runner.corpus.readers.register_map import Block, RegisterEntry, RegisterField, document


def test_columns_that_no_field_fills_are_left_out():
    register = RegisterEntry(name="CTRL", offset="0x4", fields=[RegisterField(name="EN", bits="0")])
    made = document(Block(name="dma", registers=[register]))
    assert made.markdown.split("\n")[2:] == ["## CTRL", "", "Offset: 0x4", "", "| Bits | Field |", "|---|---|", "| 0 | EN |", ""]
    assert [fact for _, fact in made.facts] == [
        "The register CTRL of dma is at offset 0x4.",
        "The field EN in the register CTRL of dma is bit 0.",
    ]
