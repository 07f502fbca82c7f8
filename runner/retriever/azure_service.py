"""A connection to Azure AI Search: address and key in, clients and readable faults out.

The service's own client (azure-search-documents) sends the requests, and sends one again that failed for a while.
"""

import importlib.util
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from runner.errors import Fault

if TYPE_CHECKING:
    from azure.search.documents import SearchClient
    from azure.search.documents.indexes import SearchIndexClient

API = "2026-04-01"  # the version of the API
# By default the client sends no POST again. Ours may be: an upload replaces the documents of its keys, a search changes nothing.
AGAIN: dict[str, Any] = {"retry_on_methods": ["GET", "PUT", "POST", "DELETE"]}
# Over http a key could be read on its way, but to a server on this machine. A password in an address would be kept with results.
ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?", re.ASCII)
VARIABLE = re.compile("[A-Z][A-Z0-9_]{0,49}")  # looks like the name of an environment variable, and not like a key
HELP = {
    401: "the key is not taken. {key} must hold an admin key of this service",
    403: "the key is not taken, or may not do this. {key} must hold an admin key, since a query key makes no index. A firewall "
    "of the service may refuse this machine too",
    404: "there is no such service or index: see retriever.endpoint",
    409: "something else changes this index at the same time. Run again",
    413: "a passage is too large: choose smaller retriever.tokens",
    429: "the service holds as many indexes or documents as its tier allows, or gets too many requests. Remove indexes that "
    "nobody needs, choose a larger tier, or run again later",
}
REFUSED = "see the settings of retriever"
FAILED = "the service is busy or out of order. The same command goes on with what was uploaded"
UNREACHED = "it can't be reached: see retriever.endpoint and the network. The same command goes on with what was uploaded"
STRANGE = "it does not speak as Azure AI Search: see retriever.endpoint"


@dataclass(frozen=True)
class Service:
    """A search service: its address, and the variable with its key."""

    endpoint: str
    key: str
    retries: int
    patience: float  # seconds to wait until documents can be searched

    def check(self) -> None:
        """Raise a Fault if the service can't be asked."""
        faults = list[str]()
        for part in (_check_installed, self._address, self._secret):
            try:
                part()
            except Fault as fault:
                faults.append(str(fault))
        if faults:
            raise Fault("\n".join(faults))
        # Statistics are shown to an admin key only, which is what making an index needs.
        with self.indexes() as indexes, self.faults("statistics"):
            indexes.get_service_statistics(**AGAIN)

    def indexes(self) -> "SearchIndexClient":
        """Return a client of the service's indexes."""
        settings = self._connection()
        from azure.search.documents.indexes import SearchIndexClient

        return SearchIndexClient(**settings)

    def documents(self, index: str) -> "SearchClient":
        """Return a client of an index, which need not exist."""
        settings = self._connection()
        from azure.search.documents import SearchClient

        return SearchClient(index_name=index, **settings)

    @contextmanager
    def faults(self, what: str) -> Iterator[None]:
        """Raise the client's errors as Faults."""
        from azure.core.exceptions import AzureError, HttpResponseError

        try:
            yield
        except HttpResponseError as error:
            status = error.status_code
            if not status:  # the reply broke off
                self._raise(what, error.message, UNREACHED)
            advice = HELP.get(status, FAILED if status >= 500 else REFUSED if status >= 400 else STRANGE)
            self._raise(what, f"{status} {(error.error and error.error.message) or error.reason}", advice)
        except (AzureError, OSError) as error:  # OSError: a file of certificates that is named and not there
            self._raise(what, str(error), UNREACHED)
        # What the client raises where a field of a reply is missing or of another type.
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            self._raise(what, f"{type(error).__name__}: {error}", STRANGE)

    def _raise(self, what: str, reason: str, advice: str) -> NoReturn:
        # The service may send the key back in its message.
        shown = " ".join(reason.replace(self._secret(), "***").split())
        raise Fault(f"{self.endpoint}, {what}: {shown[:500]} ({advice.format(key=self.key)})") from None

    def _connection(self) -> dict[str, Any]:
        """Return the settings of a client."""
        _check_installed()
        from azure.core.credentials import AzureKeyCredential

        counts = dict.fromkeys(("retry_total", "retry_connect", "retry_read", "retry_status"), self.retries)
        # The service redirects nobody, and the client would send the key to wherever a redirect leads.
        others = {"connection_timeout": 20, "read_timeout": 60, "permit_redirects": False}
        credential = AzureKeyCredential(self._secret())
        return {"endpoint": self._address(), "credential": credential, "api_version": API, **counts, **others}

    def _address(self) -> str:
        if not self.endpoint:
            raise Fault(
                "retriever=azure needs the address of a search service, which is not set: "
                "export AZURE_SEARCH_ENDPOINT=https://NAME.search.windows.net"
            )
        if not ADDRESS.fullmatch(self.endpoint):
            raise Fault(
                "retriever.endpoint is not the address of a search service. Expected https://NAME.search.windows.net and nothing "
                "behind it (AZURE_SEARCH_ENDPOINT)"
            )
        return self.endpoint

    def _secret(self) -> str:
        key = os.environ.get(self.key, "").strip()  # a key that was read from a file often ends in a line break
        if not key and not VARIABLE.fullmatch(self.key):  # perhaps it is the key itself, so the message must not show it
            raise Fault(
                "retriever.key names the environment variable that holds the key (AZURE_SEARCH_API_KEY), and none has the name "
                "that it is set to, which is not shown here. Never write a key into a setting"
            )
        if not key:
            raise Fault(
                f"retriever=azure needs an admin key of the service in the environment variable {self.key}, which is not set. "
                f"export {self.key}=..."
            )
        # Such a key can't be part of an HTTP header.
        if not key.isascii() or not key.isprintable() or " " in key:
            raise Fault(f"the key in {self.key} holds characters that no key has. Copy it again; it is not shown here")
        return key


def _check_installed() -> None:
    # The package `azure` is shared by many; each of them may be there without the others.
    if not importlib.util.find_spec("azure") or not importlib.util.find_spec("azure.search"):
        raise Fault("retriever=azure needs azure-search-documents, not installed here: pip install -e '.[azure-search]'")
