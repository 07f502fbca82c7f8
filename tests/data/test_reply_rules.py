"""Rules on a reply: each is followed and broken by what it says, unknown ones are refused, and unset ones change no hash."""

import pytest
from pydantic import ValidationError

from runner.data.records import digest
from runner.data.reply_rules import RULES, ReplyRules

FOLLOWED: list[tuple[dict[str, object], str]] = [
    ({"case": "upper"}, "PARIS, IN FRANCE!"),
    ({"case": "lower"}, "paris"),
    ({"least_words": 3}, "one two - three"),
    ({"most_words": 1}, " Paris. "),
    ({"most_words": 2, "least_words": 2}, "wet streets"),
    ({"sentences": 2}, "It is late. We go home."),
    ({"begins": "Dear Anna"}, "dear Anna, how are you?"),
    ({"ends": "?"}, 'A guest asks: "What is there to eat?"'),
    ({"ends": '"'}, '"Good evening"'),
    ({"contains": ("rain", "umbrella")}, "Rain! Where is the umbrella?"),
    ({"one_of": ("yes", "no")}, "**No.**"),
    ({"numbered": 2}, "Two cities:\n1. Oslo\n2) Rome\nBoth are capitals."),
    ({"bullets": 2}, "- tea\n* milk"),
    ({"json_items": 3}, "```json\n[1, 2, 3]\n```"),
    ({"json_items": 1}, '{"name": "Ada"}'),
    ({"language": "Spanish"}, "El perro es muy grande."),
    ({"language": "French"}, "Il fait beau et le soleil brille."),
    ({"language": "German"}, "Ich bin nicht zu Hause."),
    ({"language": "English"}, "The dog is in the garden."),
]
BROKEN: list[tuple[dict[str, object], str]] = [
    ({"case": "upper"}, "Paris"),
    ({"case": "lower"}, "Paris"),
    ({"least_words": 3}, "one two -"),
    ({"most_words": 1}, "It is Paris."),
    ({"sentences": 2}, "It is late."),
    ({"begins": "Dear Anna"}, "My dear Anna"),
    ({"ends": "?"}, "What is there to eat? Soup."),
    ({"contains": ("rain", "umbrella")}, "The raincoat and the umbrella."),
    ({"one_of": ("yes", "no")}, "No, it is not."),
    ({"numbered": 2}, "1. Oslo\n2. Rome\n3. Lima"),
    ({"numbered": 2}, "2. Oslo\n1. Rome"),
    ({"bullets": 2}, "1. tea\n2. milk"),
    ({"json_items": 3}, "[1, 2, 3"),
    ({"json_items": 1}, "1"),
    ({"language": "Spanish"}, "In Spanish it is: el perro es grande. The dog is big, of course."),
    ({"language": "French"}, "Paris"),
    ({"language": "German"}, "The man was in Berlin."),
    ({"language": "English"}, "Le chien est dans le jardin."),
]


@pytest.mark.parametrize(("rules", "reply"), FOLLOWED)
def test_a_reply_that_does_what_the_rules_say_breaks_none(rules: dict[str, object], reply: str) -> None:
    assert ReplyRules(**rules).broken(reply) == []


@pytest.mark.parametrize(("rules", "reply"), BROKEN)
def test_a_reply_that_does_not_breaks_them(rules: dict[str, object], reply: str) -> None:
    assert ReplyRules(**rules).broken(reply) == [*rules]


def test_every_rule_is_among_the_examples_both_ways() -> None:
    for examples in (FOLLOWED, BROKEN):
        assert {name for rules, _ in examples for name in rules} == {*RULES}


def test_every_rule_is_a_setting_and_every_setting_is_a_rule() -> None:
    assert [*vars(ReplyRules())] == [*RULES]


@pytest.mark.parametrize("reply", ["", " \n", "..."])
def test_a_reply_without_a_word_breaks_every_rule(reply: str) -> None:
    assert ReplyRules(most_words=5, ends=".").broken(reply) == ["most_words", "ends"]


def test_only_the_broken_rules_are_named() -> None:
    assert ReplyRules(least_words=6, sentences=1, begins="No").broken("No, never.") == ["least_words"]


@pytest.mark.parametrize("rules", [{"wrods": 3}, {"case": "title"}, {"language": "Klingon"}, {"least_words": -1}])
def test_what_is_no_rule_is_refused(rules: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(rules))):
        ReplyRules(**rules)


def test_rules_that_are_not_set_are_in_no_hash() -> None:
    assert digest(ReplyRules(sentences=1)) == digest({"sentences": 1})
