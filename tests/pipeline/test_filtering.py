"""Filters of a study are applied in their order, and account for what they drop."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.records import Labelling
from runner.errors import Fault
from runner.filter.length import Length
from runner.filter.purpose import Purpose
from runner.filter.unique import Unique
from runner.pipeline.checks import check_filters
from runner.pipeline.filtering import filtered
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from tests import given
from tests.pipeline.given import ListedLabels

SAME = given.label("Who won the final?", answer="Ada.")
LABELS = (
    SAME,
    given.label("Who won the final, then?", answer="Ada."),
    given.label("Who lost?", answer="That was Bea, of all people."),
)
RULES = {"unique": Unique(likeness=0.8), "length": Length(shortest=1, longest=4)}


def test_each_filter_has_a_ledger_and_what_it_dropped_is_kept_with_its_name(study: Study) -> None:
    result = filtered(replace(study, filter=RULES), Labelling(labels=LABELS))
    assert result.labels == (SAME,)
    assert [(ledger.stage, ledger.requested, ledger.kept, dict(ledger.filtered)) for ledger in result.ledgers] == [
        ("filter=unique", 3, 2, {"asked before": 1}),
        ("filter=length", 2, 1, {"answer too long": 1}),
    ]
    assert [(each.extra["filter"], each.extra["reason"], each.question) for each in result.dropped] == [
        ("unique", "asked before", LABELS[1].question),
        ("length", "answer too long", LABELS[2].question),
    ]


def test_a_study_trains_on_what_its_filters_keep(study: Study) -> None:
    study = replace(study, method=ListedLabels(labels=LABELS), filter=RULES)
    assert label(study, StoreExecutor(study)).value.labels == (SAME,)


def test_a_filter_that_drops_all_labels_is_an_error_with_an_example(study: Study) -> None:
    study = replace(study, filter={"length": Length(shortest=50)})
    with pytest.raises(
        Fault, match=r"filter=length: it drops all 3 labels\. The first: 'Who won the final\?': answer too short \(2 wo"
    ):
        label(replace(study, method=ListedLabels(labels=LABELS)), StoreExecutor(study))


def test_a_filter_of_ones_own_that_returns_something_else_is_named(study: Study) -> None:
    class Wrong(Length):
        def apply(self, labels, sections):
            return list(labels)

    with pytest.raises(Fault, match=r"Wrong\.apply returned \[.*, expected Filtered"):
        filtered(replace(study, filter={"wrong": Wrong(shortest=1)}), Labelling(labels=LABELS))


def test_the_choice_and_order_of_filters_decide_an_arm_and_no_filter_leaves_its_key(study: Study) -> None:
    both, turned = dict(RULES), dict(reversed(RULES.items()))
    keys = [replace(study, filter=rules).key("tuned") for rules in ({}, both, turned)]
    assert len({*keys}) == 3
    assert keys[0] == study.key("tuned")


def test_a_purpose_is_needed_where_labels_are_compared_with_one(study: Study) -> None:
    study = replace(study, filter={"purpose": Purpose(likeness=0.1)})
    check_filters(study)
    study.__dict__["material"] = replace(study.material, purpose=" ")
    with pytest.raises(Fault, match=r"filter=purpose: the corpus has no purpose.*corpus\.purpose="):
        check_filters(study)
