"""A server's reason is found in whatever form its error has."""

from typing import Any

import pytest

from runner.hosts.reasons import hidden_status, reason

GATEWAY = "<html><title>502 Bad Gateway</title><style>p {x}</style><h1>502 Bad Gateway</h1><hr>nginx</html>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": "too long", "type": "invalid", "code": 400}, "too long"),
        ("too long", "too long"),
        ({"error": "too long"}, "too long"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"detail": [{"loc": ["body", "n"], "msg": "Field required"}, {"msg": "bad"}]}, "body.n: Field required: bad"),
        ({"errors": ["one", "two"]}, "one: two"),
        ({"errors": [{"code": 7, "message": "no route"}], "success": False}, "no route"),
        ([{"error": {"code": 400, "message": "no key"}}], "no key"),
        ({"message": "Provider returned error", "metadata": {"raw": '{"detail": "busy"}'}}, "Provider returned error: busy"),
        ({"choices": [{"message": {"content": "ha"}, "error": {"message": "lost"}}]}, "lost"),
        ({"status": "off"}, '{"status": "off"}'),
        (GATEWAY, "502 Bad Gateway: nginx"),
        ("{half", "{half"),
        ("two\n\x1b[31mlines", "two [31mlines"),
        ("", ""),
        (None, ""),
        ({}, ""),
    ],
)
def test_a_reason_is_one_line_without_what_is_around_it(body: Any, words: str) -> None:
    assert reason(body) == words


def test_a_long_reason_is_cut_and_a_deep_one_ends_in_nothing() -> None:
    assert reason("x" * 1000) == "x" * 300 + " [...]"
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    assert reason(deep) == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": "no model"}, 500),
        ({"error": {"code": 429}}, 429),
        ({"error": {"code": "insufficient_quota"}}, 429),
        ({"error": {"type": "content_filter"}}, 400),
        ({"error": {"code": 7, "type": {}}}, 500),
        ({"choices": [{"finish_reason": "error"}]}, 500),
        ({"choices": [{"message": {"content": "yes"}}], "error": None}, None),
        ({"choices": [{"message": {"content": "yes"}}], "error": "late"}, None),
        ({"choices": []}, None),
        ([1], None),
        ("error", None),
    ],
)
def test_an_error_in_a_body_has_the_status_of_its_code(body: Any, status: int | None) -> None:
    assert hidden_status(body) == status
