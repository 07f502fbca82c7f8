"""Requests in, refused where they come from elsewhere; answers out with the headers that protect the page."""

import hmac
from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import quote, unquote, urlsplit

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from runner.web.addresses import LOOPBACK

LONGEST_BODY = 1_000_000  # bytes; an item is some kilobytes
NAME_COOKIE, KEY_COOKIE = "reviewer", "review-key"
YEAR = 365 * 24 * 3600
SAFE = {
    # No script or style but the page's own files, so that an item's text can never be one.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def protect(app: FastAPI, host: str, key: str) -> None:
    """Refuse requests from other sites, and those without the key."""

    @app.middleware("http")
    async def checked(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        reason = _from_elsewhere(request) or _too_large(request)
        if reason:
            response: Response = PlainTextResponse(reason, 403)
        elif key and not request.url.path.startswith(("/name", "/static/")) and not has_key(request, key):
            response = Response(status_code=303, headers={"Location": "/name", "HX-Redirect": "/name"})
        else:
            response = await answer(request)
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
        return response

    # Against DNS rebinding. A server that is open to others has a key for its protection, and may have any name.
    if host in LOOPBACK:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))


def _from_elsewhere(request: Request) -> str:
    """Return why a request is refused, or ""."""
    # Browsers set both headers, and let no page change them. Other clients send neither.
    site, origin = request.headers.get("sec-fetch-site", "none"), request.headers.get("origin")
    followed = request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate"
    if site not in ("same-origin", "none") and not followed:
        return "This request comes from another site. Open the page itself."
    if request.method != "GET" and origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return f"This request comes from {origin}, another site. Open the page itself."
    return ""


def _too_large(request: Request) -> str:
    length = request.headers.get("content-length", "0")
    allowed = length.isdigit() and int(length) <= LONGEST_BODY and "transfer-encoding" not in request.headers
    return "" if allowed else f"The request is larger than {LONGEST_BODY} bytes, or does not say how large it is."


def seal_of(key: str) -> str:
    """Return the cookie's value for a key: not the key itself."""
    return hmac.new(key.encode(), b"runner-review", sha256).hexdigest()


def has_key(request: Request, key: str) -> bool:
    """Return true if the request's cookie has the key."""
    return hmac.compare_digest(request.cookies.get(KEY_COOKIE, "").encode(), seal_of(key).encode())


def is_key(given: str, key: str) -> bool:
    """Compare a key that somebody typed."""
    # In the same time for any wrong key, so that timing does not reveal its beginning.
    return hmac.compare_digest(given.strip().encode(), key.encode())


def remember(response: Response, name: str, value: str) -> None:
    """Set a cookie for a year; no script and no other site gets it."""
    response.set_cookie(name, quote(value, safe=""), max_age=YEAR, httponly=True, samesite="strict")


def name_in(request: Request) -> str:
    """Return the reviewer's name, or "" if none was given."""
    return unquote(request.cookies.get(NAME_COOKIE, ""))
