"""Azure of the tests' own: runner-serve's models behind deployments that Azure Resource Manager's requests make and remove."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from runner.serve.models import Models, Served

TOKEN = "eyJ-a-token-that-nobody-may-see"
PLACE = "/subscriptions/sub/resourceGroups/group/providers/Microsoft.CognitiveServices/accounts/ours/deployments"


@dataclass
class Azure:
    """A resource whose deployments take one look to be made and one to be removed; `refuse` answers in its place."""

    version: str = "2025-07-01-preview"
    asked: list[str] = field(default_factory=list)  # the methods of all requests about one deployment
    bodies: list[Any] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    refuse: list[tuple[str, int]] = field(default_factory=list)  # method and status, of the next requests of that method
    ends_as: str = "Succeeded"

    def routes(self, models: Models) -> APIRouter:
        """The requests, over the models of a server."""
        router = APIRouter()

        @router.api_route(PLACE, methods=["GET"])
        def every(request: Request) -> JSONResponse:
            return self._refused(request) or JSONResponse({"value": list(self.states)})

        @router.api_route(PLACE + "/{name}", methods=["GET", "PUT", "DELETE"])
        async def one(name: str, request: Request) -> JSONResponse:
            self.asked.append(request.method)
            if refused := self._refused(request):
                return refused
            if request.method == "PUT":
                self.bodies.append(await request.json())
                self.states[name] = "Creating"
            elif name not in self.states:
                return JSONResponse({"error": {"code": "ResourceNotFound"}}, 204 if request.method == "DELETE" else 404)
            elif request.method == "DELETE":
                self.states[name] = "Deleting"
                return JSONResponse(None, 202)
            told = {"properties": {"provisioningState": self.states[name]}}
            if request.method == "GET":
                self._go_on(name, models)
            return JSONResponse(told)

        return router

    def _refused(self, request: Request) -> JSONResponse | None:
        token = request.headers.get("Authorization", "")
        if token != f"Bearer {TOKEN}":
            return JSONResponse({"error": {"code": "InvalidAuthenticationToken", "message": f"found {token}"}}, 401)
        if request.query_params["api-version"] != self.version:
            return JSONResponse({"error": {"code": "InvalidApiVersionParameter"}}, 400)
        if self.refuse and self.refuse[0][0] == request.method:
            return JSONResponse({"error": {"code": "Refused"}}, self.refuse.pop(0)[1])
        return None

    def _go_on(self, name: str, models: Models) -> None:
        if self.states[name] == "Creating":
            self.states[name] = self.ends_as
            model = self.bodies[-1]["properties"]["model"]["name"]
            models.tuned[name] = Served(name, models.find(model).model)
        elif self.states[name] == "Deleting":
            del self.states[name], models.tuned[name]
