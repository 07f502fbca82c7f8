"""A question tells about its answers."""

from runner.grader.questions import asked


def test_a_question_is_read() -> None:
    assert asked("Which version is it?").version
    assert asked("Who was it?").who
    assert asked("Where was it?").where
    assert asked("What was it in 1990?").year
    assert asked("What was it not?").negative
    assert asked("Is it a or b?").choice


def test_things_are_counted_but_not_units() -> None:
    assert asked("How many steps has it?").counts_things
    assert not asked("How many metres is it?").counts_things


def test_without_a_question_it_may_be_a_person() -> None:
    assert asked("").person
    assert not asked("Where is it?").person
