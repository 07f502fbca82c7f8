"""Deployment of a tuned model at Azure OpenAI.

A tuned model can't be asked before it is deployed, and a deployment may cost by the hour. So it is deployed at the first
request and removed at the end, by the Deployments of Azure Resource Manager (PUT, GET and DELETE). It is noted on disk for as
long as it exists: the next run of the same command removes what a killed run left.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pydantic import NonNegativeFloat, PositiveInt

from runner.component import component, identified, identity
from runner.data.records import Prompt, Reply, digest
from runner.errors import Fault
from runner.model import DrawsAtHost, Model

if TYPE_CHECKING:
    import httpx2

log = logging.getLogger("runner")

ENDED = ("Failed", "Canceled", "Disabled")  # states in which no waiting helps
BUSY = (408, 409, 429, 500, 502, 503, 504)  # these pass by themselves; 409 is another operation on the same resource
HELP = {
    401: "the token is not taken: one lives for about an hour. Make another",
    403: "the token's owner may not deploy there: it takes a role with Microsoft.CognitiveServices/accounts/deployments/write",
    404: "there is no such resource: see tuner.deployment.subscription, resource_group and resource",
}


@component
class Deployment:
    """Deployment of tuned models to a resource of Azure."""

    subscription: str
    resource_group: str
    resource: str
    token: str  # the name of an environment variable: the token itself would be tracked with the config
    sku: str
    capacity: PositiveInt
    address: str
    version: str
    poll: NonNegativeFloat
    patience: NonNegativeFloat
    keep: bool

    def check(self) -> None:
        """Raise a Fault if models can't be deployed."""
        place = {"subscription": self.subscription, "resource_group": self.resource_group, "resource": self.resource}
        if missing := [name for name, value in place.items() if not value]:
            raise Fault(f"tuner.deployment: {', '.join(missing)} not set; they say where a tuned model is to be deployed")
        # Listing the deployments tries token, resource and API version, and changes nothing.
        with self._web() as web:
            self._ask(web, "GET", "")

    @contextmanager
    def around(self, tuned: Any, name: str, folder: Path) -> Iterator["Deployed"]:
        """Open a tuned model, deployed at its first request.

        At the end the deployment is removed, also one that a killed run left. `name` is the student's, for prices.
        """
        # The same name each time, so that the next run finds the deployment of a killed one.
        place = f"runner-{digest(tuned.name)[:16]}"
        note = folder / f"{place}.deployed"

        @cache  # it is called before each batch of requests, and deploys once
        def deploy() -> None:
            # The note comes first: whatever ends the process now, the next run knows of the deployment.
            note.parent.mkdir(parents=True, exist_ok=True)
            note.touch()
            self._deploy(tuned.name, place)

        try:
            yield Deployed(tuned.called(place), f"ft:{name}:{place}", deploy)
        except BaseException:
            try:
                self._remove(place, note)
            except Fault as fault:  # raising it would hide the first error, or a Ctrl-C
                log.error("%s", fault)
            raise
        self._remove(place, note)

    def _deploy(self, model: str, place: str) -> None:
        """Deploy a model, and wait until it can be asked."""
        sku = {"name": self.sku, "capacity": self.capacity}
        body = {"sku": sku, "properties": {"model": {"format": "OpenAI", "name": model, "version": "1"}}}
        log.info("deploying %s as %s (%s); until it is removed Azure may charge for it by the hour", model, place, self.sku)
        with self._web() as web:
            while (state := self._state(web, place)) != "Succeeded":
                if state in ENDED:
                    raise Fault(f"the deployment {place} of {model} ended as {state}. Azure's portal says why; then run again")
                # A deployment that a killed run made may be there already, or may still be going away.
                if not state:
                    self._ask(web, "PUT", place, body)
                time.sleep(self.poll)

    def _remove(self, place: str, note: Path) -> None:
        """Remove a deployment, and wait until it is gone."""
        # Without a note nothing was deployed: a run whose answers are kept asks nothing.
        if self.keep or not note.exists():
            return
        try:
            with self._web() as web:
                self._ask(web, "DELETE", place)
                while self._state(web, place):
                    time.sleep(self.poll)
        except Fault as fault:
            raise Fault(
                f"the deployment {place} was not removed and may cost by the hour: {fault}. The same command removes it, or: "
                f"az cognitiveservices account deployment delete --resource-group {self.resource_group} --name {self.resource} "
                f"--deployment-name {place}"
            ) from None
        note.unlink(missing_ok=True)
        log.info("removed the deployment %s", place)

    def _state(self, web: "httpx2.Client", place: str) -> str:
        """Return the state of a deployment, empty without one."""
        response = self._ask(web, "GET", place)
        try:
            return str(response.json()["properties"]["provisioningState"]) if response else ""
        except (ValueError, LookupError, TypeError):
            raise Fault(f"{self.address} does not speak as Azure Resource Manager: see tuner.deployment.address") from None

    def _web(self) -> "httpx2.Client":
        """Return a client with the token."""
        import httpx2

        # Read anew each time, since a token lives for about an hour and a tuning may take longer.
        token = os.environ.get(self.token, "").strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise Fault(
                f"tuner.deployment needs a token in the environment variable {self.token}, which is not set or is none. "
                f"export {self.token}=$(az account get-access-token --query accessToken --output tsv)"
            )
        return httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def _ask(self, web: "httpx2.Client", method: str, place: str, body: Any = None) -> "httpx2.Response | None":
        """Return Azure's answer; None for an absent deployment.

        While Azure is busy it is asked again, for `patience` seconds.
        """
        import httpx2

        account = f"resourceGroups/{self.resource_group}/providers/Microsoft.CognitiveServices/accounts/{self.resource}"
        url = f"{self.address}/subscriptions/{self.subscription}/{account}/deployments/{place}".rstrip("/")
        until = time.monotonic() + (self.patience if place else 0)  # the check does not wait
        while True:
            try:
                response = web.request(method, url, params={"api-version": self.version}, json=body)
                status, reason = response.status_code, response.text
            except httpx2.TransportError as error:
                status, reason = 503, f"{type(error).__name__}: {error}"
            if status not in BUSY or time.monotonic() >= until:
                break
            time.sleep(self.poll)
        if status < 400:
            return response
        # For the list of deployments, 404 says that there is no such resource, which is an error.
        if status == 404 and place and method != "PUT":
            return None
        # Azure may send the token back in its message.
        token = web.headers["Authorization"].removeprefix("Bearer ")
        raise Fault(f"{method} {url}: {status} {reason[:500]} ({HELP.get(status, 'see tuner.deployment')})".replace(token, "***"))


# Not a @component: no yaml names it, and it holds a function. `identified` lets the reply cache take its identity.
@identified
@dataclass(frozen=True)
class Deployed:
    """A tuned model that is deployed at its first request."""

    hosted: ClassVar[bool] = True
    # All fields: the name of a deployment changes no reply. `state` is what decides.
    incidental: ClassVar[frozenset[str]] = frozenset({"model", "name", "deploy"})

    model: Model
    name: str
    deploy: Callable[[], None]

    def state(self) -> dict[str, Any]:
        """Return the identity of the model that is asked."""
        return identity(self.model)

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def at_temperature(self, temperature: float, seed: int) -> "Deployed":
        """Return this model, whose replies are drawn."""
        # As every model that a host tunes at OpenAI's API.
        return replace(self, model=cast(DrawsAtHost, self.model).at_temperature(temperature, seed))

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Deploy the model, then yield its replies as they arrive."""
        if prompts:
            self.deploy()
            yield from self.model.ask(prompts)
