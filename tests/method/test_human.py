"""Human labels: people's labels in the order of the file, numbered within their fact or section."""

import pytest

from runner.data.records import Label, Labelling, Ledger, Material
from runner.errors import Fault
from runner.method.human import Human
from tests.given import Scripted, label, section


def labelled(*labels: Label, scale: float = 1) -> Labelling:
    """The labelling that the method makes of these labels."""
    return Human().label(Material(sections=(section(),), questions=(), labels=labels), Scripted(lambda prompt: ""), scale)


def test_every_label_is_taken_in_the_order_of_the_file():
    assert [one.question for one in labelled(label("b"), label("a"), label("c")).labels] == ["b", "a", "c"]


def test_the_place_of_a_label_is_counted_within_its_section():
    labels = (label("a", section="s"), label("b", section="t"), label("c", section="s"))
    assert [one.position for one in labelled(*labels).labels] == [0, 0, 1]


def test_the_place_of_a_label_is_counted_within_its_fact_where_it_names_one():
    labels = (label("a", fact="f"), label("b", fact="g"), label("c", fact="f"), label("d"))
    assert [one.position for one in labelled(*labels).labels] == [0, 0, 1, 0]


def test_a_label_that_names_neither_is_a_unit_of_its_own():
    labelling = labelled(label("a", section=""), label("b", section=""), scale=2)
    assert [one.position for one in labelling.labels] == [0, 0]
    assert (labelling.short, labelling.units) == (2, 2)


def test_nothing_else_of_a_label_is_changed():
    assert labelled(label("a", fact="f")).labels == (label("a", fact="f"),)


def test_the_labels_do_not_depend_on_the_scale():
    assert labelled(label("a"), label("b"), scale=1).labels == labelled(label("a"), label("b"), scale=9).labels


def test_units_with_fewer_labels_than_the_scale_are_counted():
    labelling = labelled(label("a", section="s"), label("b", section="s"), label("c", section="t"), scale=2)
    assert (labelling.short, labelling.units) == (1, 2)


def test_the_ledger_keeps_all():
    assert labelled(label("a"), label("b")).ledgers == (Ledger(stage="pairs", requested=2, kept=2),)


def test_the_teacher_is_not_asked():
    teacher = Scripted(lambda prompt: "")
    Human().label(Material(sections=(), questions=(), labels=(label(),)), teacher, 5)
    assert teacher.asked == []
    assert not Human.asks


def test_a_corpus_without_labels_is_a_fault_that_says_what_to_write():
    with pytest.raises(Fault, match=r"labels\.jsonl or labels\.csv.*method=token"):
        labelled()
