"""Deployments at an Azure of the tests' own, over loopback: made when they are needed, and removed whatever happens."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runner.component import identity
from runner.data.records import chat
from runner.errors import Fault
from runner.model.openai import OpenAI
from runner.tuner.azure import Deployed, Deployment
from tests.azure import TOKEN, Azure
from tests.conftest import Serving

ASKED = [chat("Who won the cup?", "", 16)]
KILLED = """
import os, signal, sys
from pathlib import Path
from runner.model.openai import OpenAI
from runner.data.records import chat
from runner.tuner.azure import Deployment
tuned = OpenAI(id="small", base_url=sys.argv[2], temperature=0)
with Deployment(**eval(sys.argv[1])).around(tuned, "student", Path(sys.argv[3])) as model:
    list(model.ask([chat("Who won the cup?", "", 16)]))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@dataclass
class Place:
    """Where to deploy, the tuned model there (as good as any), what was asked of Azure, and where notes lie."""

    azure: Azure
    url: str
    folder: Path

    @property
    def tuned(self) -> OpenAI:
        return OpenAI(id="small", base_url=self.url, temperature=0, retries=0)

    def settings(self, **other: Any) -> dict[str, Any]:
        ours = {"subscription": "sub", "resource_group": "group", "resource": "ours", "token": "A_TOKEN", "sku": "standard"}
        address = self.url.removesuffix("/v1/")
        quick = {"capacity": 1, "address": address, "version": self.azure.version, "poll": 0.01, "patience": 5, "keep": False}
        return {**ours, **quick, **other}

    def around(self, **other: Any) -> Any:
        return Deployment(**self.settings(**other)).around(self.tuned, "student", self.folder)


@pytest.fixture
def place(serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A server that serves a model, and deploys it under other names."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("A_TOKEN", TOKEN)
    azure = Azure()
    with serving(tmp_path / "served", routes=azure.routes) as client:
        yield Place(azure, str(client.base_url), tmp_path / "hosted")


def said(model: Deployed) -> str:
    return dict(model.ask(ASKED))[0].text


def test_a_model_is_deployed_once_when_it_is_first_asked_and_removed_at_the_end(place: Place) -> None:
    with place.around() as model:
        assert place.azure.asked == []
        drawn = model.at_temperature(0.0, 1)
        assert said(model) == said(drawn) == "Ada of Oslo won it in the rain, by two goals to one."
        assert drawn.state()["temperature"] == 0.0
        (name,) = place.azure.states
        assert (model.name, place.azure.states[name]) == (f"ft:student:{name}", "Succeeded")
    assert place.azure.states == {}
    assert (place.azure.asked.count("PUT"), place.azure.asked.count("DELETE")) == (1, 1)
    properties = {"model": {"format": "OpenAI", "name": "small", "version": "1"}}
    assert place.azure.bodies == [{"sku": {"name": "standard", "capacity": 1}, "properties": properties}]


def test_nothing_is_deployed_where_nothing_is_asked(place: Place) -> None:
    with place.around() as model:
        assert list(model.ask([])) == []
    assert place.azure.asked == []


@pytest.mark.parametrize("stop", [Fault("out of quota"), KeyboardInterrupt()], ids=["a fault", "Ctrl-C"])
def test_it_is_removed_when_the_run_fails_or_is_stopped(place: Place, stop: BaseException) -> None:
    with pytest.raises(type(stop)), place.around() as model:
        said(model)
        raise stop
    assert place.azure.states == {}


def test_it_stays_where_it_is_to_be_kept(place: Place) -> None:
    with place.around(keep=True) as model:
        said(model)
    assert list(place.azure.states.values()) == ["Succeeded"]


def killed(place: Place) -> None:
    """Deploy, ask and die."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, repr(place.settings()), place.url, str(place.folder)], env=os.environ, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert list(place.azure.states.values()) == ["Succeeded"]


@pytest.mark.parametrize("asks", [True, False])
def test_what_a_killed_run_left_deployed_is_taken_up_and_removed_by_the_next(place: Place, asks: bool) -> None:
    killed(place)
    with place.around() as model:
        if asks:
            assert said(model).startswith("Ada")
    assert place.azure.states == {}
    assert place.azure.asked.count("PUT") == 1


def test_a_deployment_that_is_being_removed_is_waited_for_and_made_again(place: Place) -> None:
    with place.around(keep=True) as model:
        said(model)
    (name,) = place.azure.states
    place.azure.states[name] = "Deleting"
    with place.around() as model:
        assert said(model).startswith("Ada")
    assert place.azure.asked.count("PUT") == 2


def test_a_deployment_that_fails_is_a_fault_and_is_removed(place: Place) -> None:
    place.azure.ends_as = "Failed"
    with pytest.raises(Fault, match="of small ended as Failed"), place.around() as model:
        said(model)
    assert place.azure.states == {}


def test_azure_is_asked_again_while_it_is_busy(place: Place) -> None:
    place.azure.refuse = [("PUT", 429), ("PUT", 409), ("DELETE", 503)]
    with place.around() as model:
        assert said(model).startswith("Ada")
    assert place.azure.states == {}


def test_what_can_not_be_removed_is_told_with_the_way_to_remove_it_and_removed_by_the_next_run(place: Place) -> None:
    place.azure.refuse = [("DELETE", 403)]
    with (
        pytest.raises(Fault, match=r"may cost by the hour.*403.*az cognitiveservices account deployment delete"),
        place.around() as model,
    ):
        said(model)
    with place.around():
        pass
    assert place.azure.states == {}


def test_ctrl_c_stays_ctrl_c_where_the_deployment_can_not_be_removed(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.azure.refuse = [("DELETE", 403)]
    with pytest.raises(KeyboardInterrupt), place.around() as model:
        said(model)
        raise KeyboardInterrupt
    assert "was not removed and may cost by the hour" in caplog.text


@pytest.mark.parametrize(
    ("token", "settings", "words"),
    [
        ("", {}, "a token in the environment variable A_TOKEN, which is not set"),
        ("eyJ-an-old-one", {}, "401 .* one lives for about an hour"),
        (TOKEN, {"resource": "other"}, "404 .* no such resource"),
        (TOKEN, {"resource": "", "subscription": ""}, "subscription, resource not set"),
        (TOKEN, {"version": "2019-01-01"}, "400 .*InvalidApiVersionParameter"),
        (TOKEN, {"address": "http://127.0.0.1:9"}, "503 ConnectError"),
    ],
    ids=["no token", "old token", "no such resource", "nothing set", "another version", "no server"],
)
def test_what_would_fail_after_the_tuning_is_told_before_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, token: str, settings: dict[str, str], words: str
) -> None:
    monkeypatch.setenv("A_TOKEN", token)
    with pytest.raises(Fault, match=words) as caught:
        Deployment(**place.settings(**settings)).check()
    assert not token or token not in str(caught.value)


def test_a_token_that_may_deploy_passes_the_check_and_is_kept_nowhere(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    deployment = Deployment(**place.settings())
    deployment.check()
    with caplog.at_level("INFO"), place.around() as model:
        said(model)
        kept = f"{pickle.dumps(deployment)!r} {deployment!r} {model!r} {identity(model)} {caplog.text}"
    assert "deploying small as runner-" in caplog.text
    assert TOKEN not in kept + "".join(path.read_text() for path in place.folder.iterdir())
