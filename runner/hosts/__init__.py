"""Clients of OpenAI-compatible servers: requests, concurrency, batches, long jobs."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from openai import OpenAI as Client


class Endpoint(Protocol):
    """A chat model at a host, with its connection settings.

    `model.openai.OpenAI` is one, and describes the settings. This package reads these attributes and imports no class of
    `runner.model`, because that package imports this one.
    """

    @property
    def id(self) -> str: ...
    @property
    def base_url(self) -> str | None: ...
    @property
    def organization(self) -> str | None: ...
    @property
    def project(self) -> str | None: ...
    @property
    def temperature(self) -> float | None: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def structured(self) -> bool: ...
    @property
    def length_field(self) -> str: ...
    @property
    def timeout(self) -> float: ...
    @property
    def retries(self) -> int: ...

    # for batch_api and batch_register alone
    @property
    def batch_folder(self) -> str | None: ...
    @property
    def batch_endpoint(self) -> str: ...
    @property
    def batch_poll(self) -> float: ...
    @property
    def batch_requests(self) -> int: ...
    @property
    def batch_bytes(self) -> int: ...

    def secret(self) -> str:
        """Return the key, or an empty string."""

    def client(self) -> "Client":
        """Return an open openai client with address and key."""
