"""An outline gives the text under each heading, with all headings above it."""

from runner.corpus.outline import outline


def test_a_part_has_the_headings_above_it_but_the_title():
    title, parts = outline("# T\n\n## A\n\n#### B\n\n### C\n\n## D\n")
    assert title == "T"
    assert [part.headings for part in parts] == [(), (), ("A",), ("A", "B"), ("A", "C"), ("D",)]


def test_of_several_headings_of_the_highest_level_none_is_the_title():
    title, parts = outline("# T\n\n# U\n\n## A\n")
    assert title == ""
    assert [part.headings for part in parts] == [(), ("T",), ("U",), ("U", "A")]


def test_lines_are_counted_from_0():
    assert [part.lines.start for part in outline("\nBefore.\n\n# T\n\nAfter.\n")[1]] == [1, 3]
