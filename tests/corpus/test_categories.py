"""A document's category is a folder on its path, or what a pattern takes from the path."""

from pathlib import PurePosixPath

import pytest

from runner.corpus.categories import category, check_rule
from runner.errors import Fault


@pytest.mark.parametrize(
    ("path", "rule", "name"),
    [
        ("uart.md", "1", "uart"),
        ("hw/ip/uart/doc/a.md", "1", "hw"),
        ("hw/ip/uart/doc/a.md", "3", "uart"),
        ("hw/a.md", "3", "hw"),
        ("hw/ip/uart/doc/a.md", "ip/([^/]+)/", "uart"),
        ("sw/boot/a.md", "ip/([^/]+)/", "sw"),
        ("hw/uart_regs.md", r"/(\w+)_regs", "uart"),
    ],
)
def test_the_rule_names_the_category(path, rule, name):
    assert category(PurePosixPath(path), check_rule(rule)) == name


@pytest.mark.parametrize(
    ("rule", "reason"), [("ip/(", "not a regular expression"), ("ip/", "found 0 groups"), ("(a)(b)", "found 2")]
)
def test_another_rule_is_refused_with_what_is_expected(rule, reason):
    with pytest.raises(Fault, match=rf"corpus\.category=.*{reason}.*Expected a level of folders, such as 2"):
        check_rule(rule)
