"""Questions over Arrow Flight SQL.

In: the address of the Flight door and who asks. Out: tables of Arrow, or a [`KayoiError`] as HTTP would give it. ADBC's
driver does it; it is imported when it is first needed, because who asks small questions does not have to install it.
"""

import re
from collections.abc import Sequence
from typing import Any

import pyarrow

from .errors import KayoiError

SCHEMES = ("grpc://", "grpc+tls://")


class Flight:
    """The Flight door of one server, opened with the first question."""

    def __init__(self, url: str, *, token: str | None, user: str | None, password: str | None, ca: str | None) -> None:
        if not url.startswith(SCHEMES):
            raise KayoiError(
                f"`{url}` is no address of Arrow Flight SQL", hint="it looks like `grpc://127.0.0.1:8815`, or `grpc+tls://…`"
            )
        self._url = url
        self._token, self._user, self._password, self._ca = token, user, password, ca
        self._open: Any = None

    def ask(self, sql: str, values: Sequence[Any]) -> pyarrow.Table:
        """The rows of a statement."""
        import adbc_driver_manager

        try:
            with self._connection().cursor() as cursor:
                cursor.execute(sql, tuple(values) or None)
                return cursor.fetch_arrow_table()
        except adbc_driver_manager.Error as error:
            raise refused(error) from None

    def close(self) -> None:
        """Ends what the server keeps for this door."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _connection(self) -> Any:
        if self._open is None:
            from adbc_driver_flightsql import DatabaseOptions, dbapi

            options = {}
            if self._user is not None and self._password is not None:
                options = {"username": self._user, "password": self._password}
            if self._token is not None:
                options[DatabaseOptions.AUTHORIZATION_HEADER.value] = f"Bearer {self._token}"
            if self._ca is not None:
                with open(self._ca, encoding="utf-8") as authority:
                    options[DatabaseOptions.TLS_ROOT_CERTS.value] = authority.read()
            # There is nothing to commit.
            self._open = dbapi.connect(self._url, db_kwargs=options, autocommit=True)
        return self._open


def is_installed() -> bool:
    """Whether the driver is there."""
    try:
        import adbc_driver_flightsql  # noqa: F401
    except ImportError:
        return False
    return True


# What the driver writes behind the server's words, as `(InvalidArgument; DoGet: endpoint 0: [])`.
_OF_DRIVER = re.compile(r" \([A-Z]\w+; [^()]*\)(\. Vendor code: \d+)?$")
_NOT_THERE = "`kayoi serve` says where Arrow Flight SQL listens; without `flight=` questions go over HTTP"


def refused(error: Any) -> KayoiError:
    """The server's own words of an error of the driver, which puts its codes around them."""
    said = _OF_DRIVER.sub("", str(error).rpartition("[FlightSQL] ")[2])
    message, _, hint = said.partition("\nhint: ")
    # The names of headers are bytes or texts, by the version of the driver.
    states = [value for name, value in error.details or [] if name in ("sqlstate", b"sqlstate")]
    sqlstate = states[0].decode() if states else None
    if "connection error" in message:
        hint = _NOT_THERE
    return KayoiError(message, hint=hint or None, sqlstate=sqlstate)
