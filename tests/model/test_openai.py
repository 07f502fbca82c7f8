"""The hosted model against a server on loopback: requests, replies, keys, proxies, certificates, settings."""

import logging
import pickle
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from pydantic import BaseModel

from runner.component import identity
from runner.data.records import Prompt, chat
from runner.errors import Fault
from runner.model.openai import OpenAI
from runner.store.reply_cache import CachedModel
from tests.given import KEY, prompts, study
from tests.server import Asked, Response, completion, refusal, serving

pytestmark = pytest.mark.usefixtures("key")


def test_replies_come_back_at_their_places_whatever_the_order_of_arrival() -> None:
    with serving(lambda asked: completion(f"to {asked.said}", delay=0.3 if asked.said == "first" else 0)) as server:
        replies = list(OpenAI(id="m", base_url=server.url).ask(prompts("first", "second", "third")))
    assert replies[-1][0] == 0
    assert {at: reply.text for at, reply in replies} == {0: "to first", 1: "to second", 2: "to third"}


def test_the_usage_and_the_finish_reason_of_the_server_are_kept() -> None:
    with serving() as server:
        ((_, reply),) = OpenAI(id="m", base_url=server.url).ask(prompts("q"))
    assert (reply.prompt_tokens, reply.reply_tokens, reply.finish) == (11, 7, "stop")


def test_the_request_holds_the_turns_the_model_and_the_longest_reply() -> None:
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url, temperature=0.5, seed=3).ask(prompts("q")))
    turns = [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": "q"}]
    assert server.asked[0].path == "/v1/chat/completions"
    length, sampling = {"max_completion_tokens": 32}, {"temperature": 0.5, "seed": 3}
    assert server.asked[0].body == {"model": "m", "messages": turns, "stream": False, **length, **sampling}


def test_each_attempt_at_a_prompt_has_a_seed_of_its_own() -> None:
    with serving() as server:
        drawn = OpenAI(id="m", base_url=server.url, concurrency=1).at_temperature(0.7, 3)
        list(drawn.ask([replace(prompts("q")[0], attempt=attempt) for attempt in range(3)]))
    assert [(asked.body["temperature"], asked.body["seed"]) for asked in server.asked] == [(0.7, 3), (0.7, 4), (0.7, 5)]


def test_no_temperature_and_no_seed_are_sent_where_none_is_set() -> None:
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url).ask(prompts("q")))
    assert set(server.asked[0].body) == {"model", "messages", "max_completion_tokens", "stream"}


def test_an_older_server_gets_the_longest_reply_by_the_older_name() -> None:
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url, length_field="max_tokens").ask(prompts("q")))
    assert (server.asked[0].body["max_tokens"], "max_completion_tokens" in server.asked[0].body) == (32, False)


def test_no_prompts_ask_the_server_nothing() -> None:
    with serving() as server:
        assert list(OpenAI(id="m", base_url=server.url).ask([])) == []
    assert server.count == 0


def test_no_more_requests_are_in_flight_than_may_be() -> None:
    with serving(latency=0.02) as server:
        replies = list(OpenAI(id="m", base_url=server.url, concurrency=3).ask(prompts(*"abcdefghi")))
    assert (server.most, len(replies)) == (3, 9)


def test_key_organisation_and_project_are_sent() -> None:
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url, organization="ours", project="cup").ask(prompts("q")))
    sent = server.asked[0].headers
    assert sent["authorization"] == f"Bearer {KEY}"
    assert (sent["openai-organization"], sent["openai-project"]) == ("ours", "cup")


def test_a_server_that_wants_no_key_is_sent_nothing_of_the_account_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "ours")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "cup")
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url, key=None).ask(prompts("q")))
    sent = str(server.asked[0].headers)
    assert [secret for secret in (KEY, "openai-organization", "openai-project") if secret in sent] == []


def test_a_missing_key_is_a_fault_that_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUR_KEY", raising=False)
    with pytest.raises(Fault, match="needs a key in the environment variable OUR_KEY"):
        OpenAI(id="m", key="OUR_KEY").check()


@pytest.mark.parametrize("key", [KEY, "0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
def test_a_key_in_the_place_of_its_variables_name_is_not_shown(key: str) -> None:
    with pytest.raises(Fault, match="Never write a key into a setting") as fault:
        OpenAI(id="m", key=key).check()
    assert key not in str(fault.value)


def test_a_key_that_is_set_passes_the_check() -> None:
    assert OpenAI(id="m").check() is None


def test_a_missing_address_is_a_fault() -> None:
    with pytest.raises(Fault, match=r"needs the address of its server.*base_url="):
        OpenAI(id="m", base_url="").check()


@pytest.mark.parametrize("address", ["localhost:8000/v1", "127.0.0.1:8000", "ftp://here/v1", "here"])
def test_an_address_without_http_is_refused_before_anything_is_asked(address: str) -> None:
    with pytest.raises(Fault, match=r"the base_url of m does not begin with http:// or https://. Write the whole address"):
        OpenAI(id="m", base_url=address, key=None).check()


def test_a_password_in_an_address_is_a_fault_that_does_not_show_it() -> None:
    with pytest.raises(Fault, match="holds a name or a password") as caught:
        OpenAI(id="m", base_url="http://ada:lovelace@localhost/v1").check()
    assert "lovelace" not in str(caught.value)


def test_a_line_break_behind_a_key_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url).ask(prompts("q")))
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_key_that_is_not_ascii_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-clé")
    with pytest.raises(Fault, match="OPENAI_API_KEY"):
        OpenAI(id="m").check()


@pytest.mark.parametrize("setting", [{"id": "n"}, {"base_url": "http://here"}, {"temperature": 1.0}, {"structured": True}])
def test_what_a_reply_depends_on_decides_where_it_is_kept(setting: dict[str, object]) -> None:
    assert identity(OpenAI(**{"id": "m", **setting})) != identity(OpenAI(id="m"))


@pytest.mark.parametrize(
    "setting",
    [{"concurrency": 2}, {"requests_per_minute": 60}, {"tokens_per_minute": 60}, {"length_field": "max_tokens"}, {"key": None}],
)
def test_how_the_server_is_reached_leaves_a_kept_reply_where_it_is(setting: dict[str, object]) -> None:
    assert identity(OpenAI(**{"id": "m", **setting})) == identity(OpenAI(id="m"))


def test_the_presets_are_one_component_with_their_own_address_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_OPENAI_BASE_URL", "https://ours.openai.azure.com/openai/v1/")
    ours = "judge.base_url=http://localhost:8000/v1"
    judges = [
        study("model@judge=openai").judge,
        study("model@judge=azure", "judge.id=ours").judge,
        study("model@judge=compatible", "judge.id=ours", ours).judge,
    ]
    assert [(judge.base_url, judge.key, judge.structured) for judge in judges] == [
        (None, "OPENAI_API_KEY", True),
        ("https://ours.openai.azure.com/openai/v1/", "AZURE_OPENAI_API_KEY", True),
        ("http://localhost:8000/v1", None, False),
    ]
    assert {type(judge) for judge in judges} == {OpenAI}
    assert [judge.batch_endpoint for judge in judges] == ["/v1/chat/completions", "/chat/completions", "/v1/chat/completions"]
    assert {(judge.batch, Path(judge.batch_folder or "").name) for judge in judges} == {(False, "batches")}


@pytest.mark.parametrize("well", [True, False])
def test_the_key_reaches_no_log_error_store_identity_or_pickle(
    well: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    texts: list[str] = []
    with serving(lambda asked: completion("yes") if well else refusal(401, f"Incorrect key: {asked.headers}")) as server:
        model = OpenAI(id="m", base_url=server.url)
        try:
            list(CachedModel(model, tmp_path).ask(prompts("q")))
        except Fault as fault:
            texts += [str(fault), repr(fault.__cause__), repr(fault.__context__)]
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert len(texts) == (0 if well else 3)
    texts += [caplog.text, *capfd.readouterr(), repr(model), str(identity(model)), str(pickle.dumps(model))]
    texts += [str(file) + file.read_text() for file in tmp_path.rglob("*") if file.is_file()]
    assert [text for text in texts if KEY in text] == []


class Line(BaseModel):
    question: str
    answer: str


def formed(text: str) -> Prompt:
    return Prompt(messages=chat(text, "", 32).messages, tokens=32, schema=Line)


def test_the_schema_of_a_prompt_is_sent_as_a_strict_one() -> None:
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url, structured=True).ask([formed("q")]))
    form = server.asked[0].body["response_format"]
    assert (form["type"], form["json_schema"]["name"], form["json_schema"]["strict"]) == ("json_schema", "Line", True)
    assert form["json_schema"]["schema"]["required"] == ["question", "answer"]
    assert form["json_schema"]["schema"]["additionalProperties"] is False


def test_no_schema_is_sent_unless_replies_are_structured() -> None:
    with serving() as server:
        list(OpenAI(id="m", base_url=server.url).ask([formed("q")]))
    assert "response_format" not in server.asked[0].body


@pytest.mark.parametrize(
    "answer",
    [
        refusal(400, "Unknown parameter: 'response_format'", param="response_format"),
        Response(b'{"error": "response_format is not supported"}', 400),
        Response(b'{"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted"}]}', 422),
        Response(b"no endpoint takes these parameters", 404),
    ],
    ids=["as OpenAI", "a text", "as FastAPI", "other words"],
)
def test_a_server_that_refuses_a_schema_is_asked_without_it_from_then_on(answer: Response) -> None:
    def respond(asked: Asked) -> Response:
        return answer if "response_format" in asked.body else completion("yes")

    with serving(respond) as server:
        replies = list(OpenAI(id="m", base_url=server.url, structured=True, concurrency=1).ask([formed(text) for text in "abc"]))
    assert [reply.text for _, reply in replies] == ["yes"] * 3
    assert ["response_format" in asked.body for asked in server.asked] == [True, False, False, False]


def test_a_refusal_for_another_reason_keeps_the_schema() -> None:
    def respond(asked: Asked) -> Response:
        return refusal(400, "too long") if asked.said == "long" else completion("yes")

    with serving(respond) as server, pytest.raises(Fault, match="400 too long"):
        list(OpenAI(id="m", base_url=server.url, structured=True, concurrency=1).ask([formed("a"), formed("long"), formed("b")]))
    sent = [(asked.said, "response_format" in asked.body) for asked in server.asked]
    assert sent == [("a", True), ("long", True), ("long", False)]


@contextmanager
def certified(folder: Path) -> Iterator[tuple[ssl.SSLContext, str]]:
    """A certificate for localhost, and the file of the private authority that signed it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    yield context, str(folder / "authority.pem")


def test_a_private_certificate_authority_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with certified(tmp_path) as (tls, authority), serving(tls=tls) as server:
        monkeypatch.setenv("SSL_CERT_FILE", authority)
        ((_, reply),) = OpenAI(id="m", base_url=server.url, retries=0).ask(prompts("q"))
    assert reply.text == "to q"


def test_a_certificate_of_an_unknown_authority_is_a_fault(tmp_path: Path) -> None:
    with certified(tmp_path) as (tls, _), serving(tls=tls) as server, pytest.raises(Fault, match="certificate verify failed"):
        list(OpenAI(id="m", base_url=server.url, retries=0).ask(prompts("q")))


def test_authorities_that_can_not_be_read_are_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    with pytest.raises(Fault, match="SSL_CERT_FILE"):
        list(OpenAI(id="m", base_url="https://localhost:1/v1").ask(prompts("q")))


def test_requests_go_through_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with certified(tmp_path) as (tls, authority), serving(tls=tls) as server, serving() as proxy:
        monkeypatch.setenv("SSL_CERT_FILE", authority)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.removesuffix("/v1"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        ((_, reply),) = OpenAI(id="m", base_url=server.url, retries=0).ask(prompts("q"))
    assert reply.text == "to q"
    assert proxy.tunnels == [server.url.removeprefix("https://").removesuffix("/v1")]


def test_a_consumer_that_stops_early_ends_the_thread_and_what_is_in_flight() -> None:
    before = threading.active_count()
    with serving(lambda asked: completion("yes", delay=0 if asked.said == "a" else 30)) as server:
        inside = threading.active_count()
        replies = OpenAI(id="m", base_url=server.url, concurrency=2).ask(prompts(*"abcdef"))
        next(replies)
        replies.close()
        assert threading.active_count() == inside
    assert (server.count <= 3, threading.active_count()) == (True, before)
