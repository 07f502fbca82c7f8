"""The predicate of a question is told from when and where."""

from runner.grader.predicates import exchanged, from_predicate, said


def words(text: str, predicate: bool) -> list[str]:
    return [word.word for word in said(text) if word.predicate is predicate]


def test_what_tells_when_or_where_is_no_predicate() -> None:
    assert words("Is the FIFO on after reset?", predicate=True) == ["fifo", "on"]
    assert words("Is access allowed in secure mode?", predicate=False) == ["secure"]
    assert words("Is the FIFO cleared on reset?", predicate=True) == ["fifo", "cleared"]


def test_it_stands_for_the_words_before_the_predicate() -> None:
    question = "Is the register at offset 4 writable?"
    assert [word.word for word in from_predicate(question, said(question), said("It is writable."))] == ["writable"]
    assert not from_predicate(question, said(question), said("It is wide."))


def test_exchanged_sides_are_told() -> None:
    question = "Can the DMA reset the core?"
    assert exchanged(question, "The core can reset the DMA.", said(question), said("The core can reset the DMA."))
    assert not exchanged(question, "The core is reset by the DMA.", said(question), said("The core is reset by the DMA."))
