"""A service is asked with key and version, is patient with what passes, and says what does not."""

import json
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import trustme

from runner.errors import Fault
from runner.retriever.azure_service import Service
from tests.azure_search import KEY, AzureSearch, answer, failing, search_service
from tests.server import Response, serving


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", KEY)


@pytest.fixture
def served() -> Iterator[tuple[AzureSearch, Service]]:
    """A service of the tests' own, and what connects to it."""
    with search_service() as (azure, url):
        yield azure, connection(url)


def connection(url: str, **other: Any) -> Service:
    return Service(**{"endpoint": url, "key": "A_KEY", "retries": 1, "patience": 60.0, **other})


def told(service: Service) -> str:
    """The fault of a check."""
    with pytest.raises(Fault) as caught:
        service.check()
    assert KEY not in str(caught.value)
    return str(caught.value)


def test_a_sound_service_is_asked_once(served: tuple[AzureSearch, Service]) -> None:
    azure, service = served
    service.check()
    assert (azure.asked, azure.refused) == (["GET /servicestats"], [])


def test_all_that_is_not_set_is_told_at_once() -> None:
    lines = told(connection("", key="NOT_SET")).splitlines()
    assert lines[0].endswith("not set: export AZURE_SEARCH_ENDPOINT=https://NAME.search.windows.net")
    assert lines[1].endswith("in the environment variable NOT_SET, which is not set. export NOT_SET=...")


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "azure.search" else "found")
    assert r"pip install -e '.[azure-search]'" in told(connection("https://ours.search.windows.net"))


@pytest.mark.parametrize(
    "address",
    [
        "ours.search.windows.net",
        "http://ours.search.windows.net",  # the key could be read on its way
        "https://ours.search.windows.net/indexes",
        "https://ours.search.windows.net?api-version=1",
        "https://me:password@ours.search.windows.net",
        "https://[::1",
        "https://ours:port",
        "ftp://ours.search.windows.net",
        "https://",
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_sent(address: str) -> None:
    message = told(connection(address))
    assert message.startswith("retriever.endpoint is not the address of a search service. Expected https://NAME.search")
    assert "password" not in message


@pytest.mark.parametrize(
    ("value", "name", "message"),
    [
        ("two words", "A_KEY", "the key in A_KEY holds characters that no key has"),
        ("ключ", "A_KEY", "the key in A_KEY holds characters that no key has"),
        ("", "A_KEY", "the environment variable A_KEY, which is not set"),
        ("", "a1b2c3d4e5f6", "retriever.key names the environment variable"),  # the key itself
    ],
)
def test_a_key_that_is_none_is_told_and_not_shown(value: str, name: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", value)
    fault = told(connection("https://ours.search.windows.net", key=name))
    assert message in fault
    assert not value or value not in fault
    assert "a1b2c3d4e5f6" not in fault


def test_a_wrong_key_is_told_though_the_service_sends_it_back(
    served: tuple[AzureSearch, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "another-key")
    message = told(served[1])
    assert "statistics: 403 the api-key *** is not valid (the key is not taken, or may not do this. A_KEY must hold an" in message
    assert "another-key" not in message


def test_a_key_at_the_end_of_a_long_reason_is_not_shown_in_part(served: tuple[AzureSearch, Service]) -> None:
    azure, service = served
    azure.before = lambda asked: answer({"error": {"message": "x" * 480 + KEY}}, 400)
    assert KEY[:10] not in told(service)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "A_KEY must hold an admin key of this service"),
        (404, "there is no such service or index: see retriever.endpoint"),
        (409, "something else changes this index at the same time"),
        (413, "choose smaller retriever.tokens"),
        (418, "see the settings of retriever"),
        (429, "as its tier allows, or gets too many requests"),
        (503, "The same command goes on with what was uploaded"),
    ],
)
def test_each_refusal_is_told_with_the_reason_and_what_to_do(
    served: tuple[AzureSearch, Service], status: int, advice: str
) -> None:
    azure, service = served
    azure.before = lambda asked: answer({"error": {"code": "", "message": "for a reason"}}, status)
    message = told(service)
    assert f"{status} for a reason (" in message
    assert advice in message


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_fails_for_a_while_is_sent_again_as_the_service_says(served: tuple[AzureSearch, Service], status: int) -> None:
    azure, service = served
    azure.before = failing(status, 2, "", Retry_After="0.01")
    Service(service.endpoint, service.key, 2, 1).check()
    assert len(azure.asked) == 3
    azure.before = failing(status, 3, "", Retry_After="0.01")
    assert f"{status} wait" in told(Service(service.endpoint, service.key, 2, 1))


@pytest.mark.parametrize(
    "reply",
    [
        Response(b"<html>Log in</html>", headers={"Content-Type": "text/html"}),
        Response(b"", 302, {"Location": "https://elsewhere.invalid"}),
        Response(b"not JSON"),
    ],
)
def test_a_server_of_another_kind_is_told(served: tuple[AzureSearch, Service], reply: Response) -> None:
    azure, service = served
    azure.before = lambda asked: reply
    assert "it does not speak as Azure AI Search: see retriever.endpoint" in told(service)


def test_no_redirect_takes_the_key_elsewhere(served: tuple[AzureSearch, Service]) -> None:
    azure, service = served
    with search_service() as (other, url):
        azure.before = lambda asked: Response(b"", 307, {"Location": f"{url}/servicestats?api-version=2026-04-01"})
        told(service)
        assert other.asked == []


@pytest.mark.parametrize("bytes_sent", [0, 5])
def test_a_service_that_goes_away_is_told(served: tuple[AzureSearch, Service], bytes_sent: int) -> None:
    azure, service = served
    azure.before = lambda asked: Response(json.dumps({"counters": {}, "limits": {}}).encode(), cut=bytes_sent)
    assert "it can't be reached: see retriever.endpoint and the network" in told(service)
    assert len(azure.asked) == 2


def test_no_service_at_an_address_is_told() -> None:
    with search_service() as (_, url):
        pass
    assert "it can't be reached: see retriever.endpoint and the network" in told(connection(url))


def test_a_certificate_must_be_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with serving(AzureSearch().respond, tls=context) as server, authority.cert_pem.tempfile() as pem:
        service = connection(server.url.removesuffix("/v1"))
        assert "certificate verify failed" in told(service)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", pem)
        service.check()
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "nowhere.pem")
        assert "nowhere.pem" in told(service)
