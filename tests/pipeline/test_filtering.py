"""Filters of a study are applied in their order, and account for what they drop."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pytest

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Label, Labelling, Section
from runner.errors import Fault
from runner.filter import Filtered, SlowFilter, parted
from runner.filter.corrupt import Corrupt
from runner.filter.length import Length
from runner.filter.purpose import Purpose
from runner.filter.unique import Unique
from runner.pipeline.checks import check_filters
from runner.pipeline.filtering import filtered
from runner.pipeline.labels import label
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.forecast import Forecast, ForecastExecutor
from tests import given
from tests.pipeline.given import ListedLabels

SAME = given.label("Who won the final?", answer="Ada.")
LABELS = (
    SAME,
    given.label("Who won the final, then?", answer="Ada."),
    given.label("Who lost?", answer="That was Bea, of all people."),
)
RULES = {"unique": Unique(likeness=0.8), "length": Length(shortest=1, longest=4)}


def kept_of(study: Study) -> Labelling:
    """What the filters of a study keep of the labels."""
    return filtered(study, StoreExecutor(study), Output(value=Labelling(labels=LABELS))).value


def test_each_filter_has_a_ledger_and_what_it_dropped_is_kept_with_its_name(study: Study) -> None:
    result = kept_of(replace(study, filter=RULES))
    assert result.labels == (SAME,)
    assert [(ledger.stage, ledger.requested, ledger.kept, dict(ledger.filtered)) for ledger in result.ledgers] == [
        ("filter=unique", 3, 2, {"asked before": 1}),
        ("filter=length", 2, 1, {"answer too long": 1}),
    ]
    assert [(each.extra["filter"], each.extra["reason"], each.question) for each in result.dropped] == [
        ("unique", "asked before", LABELS[1].question),
        ("length", "answer too long", LABELS[2].question),
    ]


def test_labels_that_a_filter_changes_stay_at_their_places_among_the_others(study: Study) -> None:
    labels = tuple(given.label(f"Who won match {number}?", answer=f"Player {number}.") for number in range(12))
    changing = replace(study, filter={"corrupt": Corrupt(rate=0.5, seed=1)})
    kept = filtered(changing, StoreExecutor(changing), Output(value=Labelling(labels=labels))).value.labels
    assert [label.question for label in kept] == [label.question for label in labels]
    assert sum("error" in label.extra for label in kept) == 6


def test_a_study_trains_on_what_its_filters_keep(study: Study) -> None:
    study = replace(study, method=ListedLabels(labels=LABELS), filter=RULES)
    assert label(study, StoreExecutor(study)).value.labels == (SAME,)


def test_a_filter_that_drops_all_labels_is_an_error_with_an_example(study: Study) -> None:
    study = replace(study, filter={"length": Length(shortest=50)})
    with pytest.raises(
        Fault, match=r"filter=length: it drops all 3 labels\. The first: 'Who won the final\?': answer too short \(2 wo"
    ):
        label(replace(study, method=ListedLabels(labels=LABELS)), StoreExecutor(study))


def test_a_method_of_ones_own_that_names_a_filter_hides_no_dropped_label(study: Study) -> None:
    named = tuple(replace(each, extra={"filter": "own"}) for each in LABELS)
    study = replace(study, filter={"length": Length(shortest=50)}, method=ListedLabels(labels=named))
    with pytest.raises(Fault, match=r"filter=length: it drops all 3 labels"):
        label(study, StoreExecutor(study))


def test_a_filter_of_ones_own_that_returns_something_else_is_named(study: Study) -> None:
    class Wrong(Length):
        def apply(self, labels, sections):
            return list(labels)

    with pytest.raises(Fault, match=r"Wrong\.apply returned \[.*, expected Filtered"):
        kept_of(replace(study, filter={"wrong": Wrong(shortest=1)}))


def test_the_choice_and_order_of_filters_decide_an_arm_and_no_filter_leaves_its_key(study: Study) -> None:
    both, turned = dict(RULES), dict(reversed(RULES.items()))
    keys = [replace(study, filter=rules).key("tuned") for rules in ({}, both, turned)]
    assert len({*keys}) == 3
    assert keys[0] == study.key("tuned")


@identified
@dataclass
class Counted:
    """A slow rule that counts how often it is applied, and drops labels on who lost."""

    incidental: ClassVar[frozenset[str]] = frozenset({"calls"})
    slow: ClassVar[bool] = True

    calls: list[int] = field(default_factory=list)

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop the labels, and note their number."""
        self.calls.append(len(labels))
        return parted(labels, [("lost", "so it says") if "lost" in label.question else ("", "") for label in labels])


def test_what_takes_long_is_kept_and_not_computed_again(study: Study) -> None:
    rule = Counted()
    study = replace(study, filter={"counted": rule})
    first, second = kept_of(study), kept_of(study)
    assert (first, [label.extra for label in first.dropped]) == (second, [label.extra for label in second.dropped])
    assert first.labels == LABELS[:2]
    assert rule.calls == [3]


def test_embeddings_are_kept_and_word_rules_are_not(study: Study) -> None:
    slow = {"purpose": Purpose(likeness=0.1), "meaning": Unique(likeness=0.9, meaning=0.9)}
    quick = {"unique": Unique(likeness=0.9), "length": Length(shortest=1)}
    assert [isinstance(rule, SlowFilter) and rule.slow for rule in (slow | quick).values()] == [True, True, False, False]


def test_guessed_labels_are_not_filtered(study: Study) -> None:
    # The texts of guesses are invented, so that this rule would drop them all, and a preview would end there.
    study = replace(study, filter={"length": Length(shortest=50)})
    guessed = Output(value=Labelling(labels=LABELS), guess="labels")
    output = filtered(study, ForecastExecutor(study, Forecast(), {}), guessed)
    assert (output.value.labels, output.guess) == (LABELS, "labels")


def test_a_purpose_is_needed_where_labels_are_compared_with_one(study: Study) -> None:
    study = replace(study, filter={"purpose": Purpose(likeness=0.1)})
    check_filters(study)
    study.__dict__["material"] = replace(study.material, purpose=" ")
    with pytest.raises(Fault, match=r"filter=purpose: the corpus has no purpose.*corpus\.purpose="):
        check_filters(study)
