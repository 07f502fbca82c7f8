"""Azure AI Search of the tests' own: it checks each request against the service's published API (2026-04-01), and searches."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.server import Asked, Response, serving

KEY = "an-admin-key-that-nobody-may-see"
API = "2026-04-01"
INDEX_NAME = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,127}")
DOCUMENT_KEY = re.compile(r"[A-Za-z0-9=-][A-Za-z0-9_=-]{0,1023}")
SIMPLE = {"name", "type", "key", "retrievable", "stored", "searchable", "filterable", "sortable", "facetable", "analyzer"}
FIELD = {*SIMPLE, "dimensions", "vectorSearchProfile"}
INDEX = {"name", "fields", "vectorSearch"}
SEARCH = {"search", "select", "top", "vectorQueries", "scoringStatistics"}
VECTOR_QUERY = {"kind", "vector", "fields", "k"}
ANALYZERS = ("en.lucene", "de.lucene", "standard.lucene")


class RefusalError(Exception):
    """A request that the service refuses, with its status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def expect(fact: bool, message: str, status: int = 400) -> None:
    """Refuse a request where something is not as it must be."""
    if not fact:
        raise RefusalError(status, message)


@dataclass
class AzureSearch:
    """A service. `before` may answer in its place; `slow` counts of documents are too low before they are right."""

    indexes: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # method and path of each request
    searches: list[Any] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # why requests were refused that broke the API
    before: Callable[[Asked], Response | None] = lambda asked: None
    busy: Counter[str] = field(default_factory=Counter)  # how often the document of a key is not taken
    slow: int = 0
    tier: int = 15  # indexes
    most_bytes: int = 16 * 1024 * 1024

    def respond(self, asked: Asked) -> Response:
        """Answer a request."""
        place = urlsplit(asked.path.removeprefix("/v1"))
        path = unquote(place.path)
        self.asked.append(f"{asked.method} {path}")
        if given := self.before(asked):
            return given
        try:
            expect(asked.headers.get("api-key") == KEY, f"the api-key {asked.headers.get('api-key')} is not valid", 403)
            expect(parse_qs(place.query) == {"api-version": [API]}, f"found the query {place.query}")
            return self._answer(asked, path)
        except RefusalError as error:
            if error.status == 400:
                self.refused.append(str(error))
            return answer({"error": {"code": "Refused", "message": str(error)}}, error.status)

    def _answer(self, asked: Asked, path: str) -> Response:
        if (asked.method, path) == ("GET", "/servicestats"):
            used = {"usage": len(self.indexes), "quota": self.tier}
            return answer({"counters": {"indexesCount": used}, "limits": {}})
        parts = re.fullmatch(r"/indexes\('(?P<name>[^']*)'\)(?:/docs/(?P<action>.+))?", path)
        expect(parts is not None, f"no such address: {path}", 404)
        name, action = parts["name"], parts["action"]
        if (asked.method, action) == ("PUT", None):
            return self._create(name, asked)
        expect(name in self.indexes, f"No index with the name '{name}' was found", 404)
        if asked.method == "DELETE" and not action:
            del self.indexes[name], self.documents[name]
            return answer(None, 204)
        if asked.method == "GET" and not action:
            return answer(self.indexes[name])
        if (asked.method, action) == ("GET", "$count"):
            return self._count(name)
        actions = {"search.index": self._index, "search.post.search": self._search}
        expect(asked.method == "POST" and action in actions, f"no such action: {asked.method} {action}", 405)
        return actions[action](name, asked)

    def _create(self, name: str, asked: Asked) -> Response:
        body = asked.body
        expect(asked.headers.get("prefer") == "return=representation", "the header Prefer is missing")
        expect(bool(INDEX_NAME.fullmatch(name)) and body["name"] == name, f"an index can't be called {name}")
        expect(body.keys() <= INDEX, f"unknown parts of an index: {body.keys() - INDEX}")
        expect(name in self.indexes or len(self.indexes) < self.tier, "Index quota has been exceeded for this service.", 429)
        profiles = {profile["name"]: profile["algorithm"] for profile in body["vectorSearch"]["profiles"]}
        kinds = {each["name"]: each["kind"] for each in body["vectorSearch"]["algorithms"]}
        expect({*profiles.values()} <= kinds.keys() and {*kinds.values()} <= {"hnsw", "exhaustiveKnn"}, "wrong vectorSearch")
        for part in body["fields"]:
            self._check_field(part, profiles)
        keys = [part["type"] for part in body["fields"] if part.get("key")]
        expect(keys == ["Edm.String"], f"expected one key of type Edm.String, found {keys}")
        self.indexes[name] = body
        self.documents.setdefault(name, {})
        return answer(body, 201)

    def _check_field(self, part: dict[str, Any], profiles: dict[str, str]) -> None:
        vector = part["type"] == "Collection(Edm.Single)"
        expect(part.keys() <= (FIELD if vector else SIMPLE), f"unknown parts of a field: {part}")
        expect(bool(re.fullmatch(r"(?!azureSearch)[A-Za-z]\w{0,127}", part["name"])), f"a field can't be called {part['name']}")
        if vector:
            expect(2 <= part["dimensions"] <= 4096 and part["vectorSearchProfile"] in profiles, f"wrong vectors: {part}")
            expect(part.get("searchable") is True, "a vector field must be searchable")
            expect(part.get("stored", True) or part.get("retrievable") is False, "what is not stored is not retrievable")
        else:
            expect(part["type"] == "Edm.String", f"wrong type: {part}")
            expect(part.get("analyzer") in (None, *ANALYZERS), f"unknown analyzer {part.get('analyzer')}")
            expect("analyzer" not in part or part["searchable"], "an analyzer is for searchable fields")

    def _count(self, name: str) -> Response:
        late, self.slow = bool(self.slow), max(0, self.slow - 1)
        # The service sends a byte order mark before the number.
        return Response(f"\ufeff{len(self.documents[name]) - late}".encode(), headers={"Content-Type": "text/plain"})

    def _index(self, name: str, asked: Asked) -> Response:
        expect(len(asked.content) <= self.most_bytes, "the request is too large", 413)
        actions = asked.body["value"]
        expect(asked.body.keys() == {"value"} and 1 <= len(actions) <= 1000, f"found {len(actions)} actions")
        results = [self._upload(name, dict(action)) for action in actions]
        return answer({"value": results}, 200 if all(result["status"] for result in results) else 207)

    def _upload(self, name: str, document: dict[str, Any]) -> dict[str, Any]:
        expect(document.pop("@search.action", "upload") == "upload", "the tests know uploads only")
        fields = {part["name"]: part for part in self.indexes[name]["fields"]}
        expect(document.keys() == fields.keys(), f"found the fields {document.keys()}")
        expect(bool(DOCUMENT_KEY.fullmatch(document["id"])), f"a document can't have the key {document['id']!r}")
        expect(len(document["vector"]) == fields["vector"]["dimensions"], "wrong dimensions")
        key = document["id"]
        if self.busy[key]:
            self.busy[key] -= 1
            return {"key": key, "status": False, "errorMessage": "too busy", "statusCode": 503}
        # Lucene takes no word of more bytes.
        if max(len(word.encode()) for word in document["text"].split()) > 32766:
            return {"key": key, "status": False, "errorMessage": "a term is too large", "statusCode": 400}
        status = 200 if key in self.documents[name] else 201
        self.documents[name][key] = document
        return {"key": key, "status": True, "errorMessage": None, "statusCode": status}

    def _search(self, name: str, asked: Asked) -> Response:
        body, documents = asked.body, self.documents[name]
        self.searches.append(body)
        expect(body.keys() == SEARCH, f"found the parts {body.keys()} of a search")
        expect(body["select"] == "id" and 1 <= body["top"] <= 1000, f"wrong select or top: {body['select']}, {body['top']}")
        (query,) = body["vectorQueries"]
        expect(query.keys() == VECTOR_QUERY and (query["kind"], query["fields"]) == ("vector", "vector"), "wrong vector query")
        expect(1 <= query["k"] <= 10_000, f"found k {query['k']}")
        words = _words(_literal(body["search"]))
        lexical = {key: len(words & _words(document["text"])) for key, document in documents.items()}
        similar = {key: _product(query["vector"], document["vector"]) for key, document in documents.items()}
        scores: Counter[str] = Counter()
        for ranking in (_ranked(lexical, 50, above=0), _ranked(similar, query["k"])):
            scores.update({key: 1 / (60 + rank) for rank, key in enumerate(ranking, 1)})
        best = scores.most_common(body["top"])
        return answer({"value": [{"@search.score": score, "id": key} for key, score in best]})


def _literal(search: str) -> str:
    """The text of a simple query; an operator in it that is not escaped is refused, since the tests search for words only."""
    plain = re.sub(r"\\[-+|\"()'\\*~]", " ", search)
    expect(not re.search(r"[-+|\"()'\\*~]", plain), f"an operator in {search!r}")
    return plain


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _product(first: list[float], second: list[float]) -> float:
    return sum(one * other for one, other in zip(first, second, strict=True))


def _ranked(scores: dict[str, float], most: int, above: float = -2) -> list[str]:
    kept = [key for key, score in scores.items() if score > above]
    return sorted(kept, key=lambda key: -scores[key])[:most]


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    """Return JSON as the service does; `Retry_After="1"` is a header."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(b"" if body is None else json.dumps(body).encode(), status, names)


def failing(status: int, times: int, action: str, message: str = "wait", **headers: str) -> Callable[[Asked], Response | None]:
    """Refuse the next requests of an action so many times."""
    left = [times]

    def before(asked: Asked) -> Response | None:
        if action not in f"{asked.method} {unquote(asked.path)}" or not left[0]:
            return None
        left[0] -= 1
        return answer({"error": {"code": "", "message": message}}, status, **headers)

    return before


@contextmanager
def search_service(**how: Any) -> Iterator[tuple[AzureSearch, str]]:
    """Serve a search service on loopback; yield it with its address."""
    service = AzureSearch(**how)
    with serving(service.respond) as server:
        yield service, server.url.removesuffix("/v1")
