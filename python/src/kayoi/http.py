"""Requests to the HTTP door.

In: a path below the server's address and what stands behind its `?`, or a body. Out: bytes with their headers, or a
[`KayoiError`] in the server's words. Four kinds of request are made and each is answered at once, so the standard library
is enough, and nothing has to be installed beside pandas.
"""

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from email.message import Message
from typing import Any

from .errors import KayoiError

# A question that takes longer is ended by the server itself, which says so.
TIMEOUT_S = 600.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the server never sends one elsewhere, and a password would go with the request."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Http:
    """The HTTP door of one server."""

    def __init__(self, url: str, authorization: str | None, ca: str | None) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise KayoiError(f"`{url}` is no address of a server", hint="it looks like `http://127.0.0.1:8080`")
        self.url = url.rstrip("/")
        self._headers = {} if authorization is None else {"Authorization": authorization}
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if ca is not None:
            handlers.append(urllib.request.HTTPSHandler(context=_trusting(ca)))
        self._opener = urllib.request.build_opener(*handlers)

    def json(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """What an address says as JSON."""
        return json.loads(self.get(path, query)[1])

    def get(self, path: str, query: Mapping[str, str] | None = None) -> tuple[Message, bytes]:
        """The headers and the bytes of an address."""
        return self._send(self._address(path, query), None)

    def post(self, path: str, body: Any) -> tuple[Message, bytes]:
        """The headers and the bytes of what a body of JSON is answered with."""
        return self._send(self._address(path, None), json.dumps(body).encode())

    def _address(self, path: str, query: Mapping[str, str] | None) -> str:
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        return f"{self.url}{urllib.parse.quote(path)}{asked}"

    def _send(self, address: str, body: bytes | None) -> tuple[Message, bytes]:
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        request = urllib.request.Request(address, data=body, headers=headers)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise refused(error.code, error.read()) from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            hint = "`kayoi serve --lake LAKE` starts a server and says where it listens; `ca=` names a certificate of your own"
            raise KayoiError(f"no server answers at `{self.url}`: {reason}", hint=hint) from error


def refused(status: int, body: bytes) -> KayoiError:
    """The error that a body of the server tells of."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict) or "error" not in told:
        hint = "is this the address of `kayoi serve`, as `http://127.0.0.1:8080`?"
        return KayoiError(f"the server answered {status} and did not say why", hint=hint, status=status)
    return KayoiError(
        told["error"],
        hint=told.get("hint"),
        sqlstate=told.get("sqlstate"),
        status=status,
        position=told.get("position"),
    )


def authorization(token: str | None, user: str | None, password: str | None) -> str | None:
    """The header that says who asks."""
    if token is not None and user is not None:
        raise KayoiError("a token and a user name are two ways to sign in", hint="give `token=`, or `user=` and `password=`")
    if (user is None) != (password is None):
        raise KayoiError("a user name and a password belong together", hint="give both of `user=` and `password=`")
    if token is not None:
        return f"Bearer {token}"
    if user is None:
        return None
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _trusting(ca: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise KayoiError(f"cannot read the certificate `{ca}`: {error}", hint="`ca=` is a file in the form PEM") from error
