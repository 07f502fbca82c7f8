"""A text without quotes is taken where only a text can be meant; else the message has the corrected override."""

from shlex import split

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from runner.config.override_text import quoted_text, unreadable


@pytest.mark.parametrize(
    "text",
    [
        "Know the part's limits.",
        "~/docs",
        "用一句话回答",
        'say "it\'s" \\',
        "C:\\it's\\",
        "two\nlines'",
        "a (b)",
        "50 % & more; #1",
        "${seed}'s",
    ],
)
def test_a_text_is_put_in_quotes_with_its_value(text: str) -> None:
    assert str(OverridesParser.create().parse_override(quoted_text(f"instruction={text}")).value()) == text


@pytest.mark.parametrize(
    "override",
    [
        *(
            "seed=1,2",
            "instruction=Answer briefly.",
            "instruction='Is it?'",
            "size=glob(*)",
            "~tuner.steps",
            "instruction=",
            "foo",
        ),
        *("seed=range(1,", "instruction='Is it?", "baseline=[rag,bas", "instruction=it's, or not", "budget={usd: 1", "a b=1"),
    ],
)
def test_what_can_be_read_or_may_mean_something_else_stays(override: str) -> None:
    assert quoted_text(override) == override


@pytest.mark.parametrize(
    ("override", "meant"),
    [
        ("instruction=It's short, please", "It's short, please"),
        ('instruction="Know" it\'s', '"Know" it\'s'),
        ("instruction='Is it?", "'Is it?"),
    ],
)
def test_the_message_has_the_corrected_override_for_the_shell(override: str, meant: str) -> None:
    message = unreadable(override)
    assert message.startswith(f"{override}: this value can't be read")
    (corrected,) = split(message.partition("twice: ")[2])
    assert OverridesParser.create().parse_override(corrected).value() == meant


def test_the_message_names_what_else_is_wrong() -> None:
    assert "expected NAME=VALUE" in unreadable("foo")
    assert "'a b' can't be a name" in unreadable("a b=1")
    assert "Close all brackets" in unreadable("baseline=[rag,bas")
