"""Addresses of servers: keys for hosts that others reach, ports that are in use."""

import pytest

from runner.errors import Fault
from runner.web.addresses import key_for, listening, url_host


def test_only_this_machine_is_served_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_KEY", raising=False)
    assert [key_for(host, "A_KEY") for host in ("127.0.0.1", "localhost", "::1")] == ["", "", ""]
    with pytest.raises(Fault, match=r"export A_KEY=\.\.\."):
        key_for("0.0.0.0", "A_KEY")
    monkeypatch.setenv("A_KEY", " secret\n")
    assert key_for("0.0.0.0", "A_KEY") == "secret"


def test_an_address_of_ipv6_has_brackets_in_a_url() -> None:
    assert (url_host("::1"), url_host("localhost")) == ("[::1]", "localhost")


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(Fault, match=rf"port {port} is in use .* --port {port + 1}"):
            listening("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 99999)])
def test_an_address_that_is_not_of_this_machine_is_refused(host: str, port: int) -> None:
    with pytest.raises(Fault, match="can't listen at"):
        listening(host, port)
