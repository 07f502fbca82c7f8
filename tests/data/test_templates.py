"""Templates are filled and read back, whatever stands in the values."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from runner.data.templates import fill, unfill, with_places


def test_a_template_is_filled_where_names_are_given():
    assert fill("{a} {b} {{a}} {}", a=1) == "1 {b} {1} {}"


def test_braces_in_what_is_filled_in_survive():
    assert fill("{text}|{title}", text="{title} { \\1 {", title="T") == "{title} { \\1 {|T"


@pytest.mark.parametrize(
    "document",
    [
        "{pairs}",
        "{earlier}",
        "{{text}}",
        "{title:>10}",
        "{0} {} {title!r}",
        '{"pairs": {"a": [1]}}',
        "\\\\g<0> %s ${title}",
        "}{",
    ],
)
def test_a_value_that_contains_a_place_is_not_filled_in_again(document):
    assert fill("{pairs} {text} {title}", text=document, title="T", pairs=5, earlier="none") == f"5 {document} T"


def test_a_filled_template_is_read_back() -> None:
    template = "List {kind} of {text}\n{x} {kind}"
    assert unfill(template, fill(template, kind="a (b", text="c {d}", x="")) == {"kind": "a (b", "text": "c {d}", "x": ""}
    assert unfill(template, "List another thing") is None


def test_a_number_in_braces_is_no_place_of_a_value() -> None:
    template = r"Years match \d{4}: {text}"
    assert unfill(template, fill(template, text="2031")) == {"text": "2031"}


def test_a_template_without_a_place_that_it_needs_is_refused() -> None:
    templates = TypeAdapter(Annotated[str, with_places("text", "facts")])
    assert templates.validate_python("{facts} of {text}") == "{facts} of {text}"
    with pytest.raises(ValidationError, match=r"expected a prompt with a place for \{facts\}"):
        templates.validate_python("{fact} of {text}")


def test_a_place_within_what_fills_another_place_stays_as_it_is():
    assert fill("{passage}: {question} {x}", passage="a {question}", question="b {passage}") == "a {question}: b {passage} {x}"
