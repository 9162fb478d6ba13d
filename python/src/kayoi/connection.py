"""What a notebook asks a server.

In: the address of a server and who asks. Out: DataFrames. Named questions, tables and outlines come over HTTP, which has
them; SQL goes over Arrow Flight SQL where its address is known, because large answers come faster there.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas
import pyarrow.ipc

from . import frames, values
from .answer import Answer
from .errors import KayoiError
from .flight import Flight, is_installed
from .http import Http, authorization
from .outlines import outlines
from .values import Month, given

if TYPE_CHECKING:
    import geopandas


def connect(
    url: str = "http://127.0.0.1:8080",
    *,
    flight: str | None = None,
    token: str | None = None,
    user: str | None = None,
    password: str | None = None,
    ca: str | None = None,
) -> "Connection":
    """A connection to a server. Nothing is asked of it yet.

    `flight` is where Arrow Flight SQL listens, as `grpc://127.0.0.1:8815`, or `grpc+tls://…`. Where the server has users,
    give `token`, or `user` and `password`. `ca` is a PEM file with the certificate that signs the server's own.
    """
    http = Http(url, authorization(token, user, password), ca)
    if flight is None:
        return Connection(http, None)
    if not is_installed():
        raise KayoiError(
            "`flight=` needs ADBC's driver, which is not installed",
            hint="`pip install adbc-driver-flightsql`; without `flight=` questions go over HTTP",
        )
    return Connection(http, Flight(flight, token=token, user=user, password=password, ca=ca))


class Connection:
    """A server that is asked. It may be closed, or used in a `with`."""

    def __init__(self, http: Http, flight: Flight | None) -> None:
        self._http = http
        self._flight = flight

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"kayoi.connect({self._http.url!r})"

    def close(self) -> None:
        """Ends what the server keeps for this connection."""
        if self._flight is not None:
            self._flight.close()

    def ask(self, name: str, /, month: Month | None = None, revision: int | None = None, **parameters: object) -> Answer:
        """The answer to a named question, as `ask("origins-top5", town="20214")`; `questions()` lists them.

        `month` asks of another month than the newest, `revision` of an older release. A list of codes may be one.
        """
        query = {parameter: values.text(value) for parameter, value in parameters.items()}
        query |= given(month=None if month is None else values.month(month), rev=revision)
        return Answer.of(self._http.json(f"/v1/questions/{name}", query))

    def sql(self, text: str, /, *parameters: object, revision: int | None = None) -> pandas.DataFrame:
        """The rows of a statement that reads. `parameters` are the values of `$1`, `$2` …, and never a piece of the SQL.

        Lists, as for `= ANY($1)`, and older releases go over HTTP, since Arrow Flight SQL has no word for either.
        """
        plain = [values.plain(value) for value in parameters]
        is_for_http = revision is not None or any(isinstance(value, list) for value in plain)
        if self._flight is not None and not is_for_http:
            return frames.of_arrow(self._flight.ask(text, plain), {"sql": text})
        asked = {"sql": text, "parameters": values.of_json(plain), "format": "arrow"}
        headers, body = self._http.post("/v1/query", asked | ({} if revision is None else {"rev": revision}))
        table = pyarrow.ipc.open_stream(body).read_all()
        return frames.of_arrow(table, {"sql": text, **_read(headers)})

    def rows(
        self,
        table: str,
        /,
        month: Month | None = None,
        town: str | None = None,
        *,
        limit: int | None = None,
        revision: int | None = None,
    ) -> pandas.DataFrame:
        """The rows of a table as they are released: of its newest month, of `month`, or of all with `month="all"`."""
        query = given(month=None if month is None else values.month(month), town=town, limit=limit, rev=revision)
        headers, body = self._http.get(f"/v1/tables/{table}/rows", {**query, "format": "parquet"})
        return frames.of_parquet(body, _read(headers))

    def questions(self) -> pandas.DataFrame:
        """The named questions: what each asks, takes and does not say."""
        listed = self._http.json("/v1/questions")["questions"]
        return pandas.DataFrame(
            {
                "name": [one["name"] for one in listed],
                "title_ja": [one["title"]["ja"] for one in listed],
                "title_en": [one["title"]["en"] for one in listed],
                "parameters": [", ".join(taken["name"] for taken in one["parameters"]) for one in listed],
                "does_not_say_ja": [one["does_not_say"]["ja"] for one in listed],
                "does_not_say_en": [one["does_not_say"]["en"] for one in listed],
            }
        )

    def tables(self) -> pandas.DataFrame:
        """The columns of every table that one may see, each with its meaning."""
        listed = self._http.json("/v1/tables")["tables"]
        return pandas.DataFrame(
            [
                {
                    "table": table["name"],
                    "column": column["name"],
                    "type": column["type"],
                    "nullable": column["nullable"],
                    "meaning_ja": column["description"]["ja"],
                    "meaning_en": column["description"]["en"],
                }
                for table in listed
                for column in table["columns"]
            ]
        )

    def functions(self) -> pandas.DataFrame:
        """The functions of SQL that are Kayoi's own."""
        return pandas.DataFrame(self._http.json("/v1/functions")["functions"])

    def release(self, revision: int | None = None) -> dict[str, Any]:
        """The release that is read: number, definition, months, and the credit to be named with its figures."""
        return self._http.json("/v1/release", given(rev=revision))

    def municipalities(self) -> pandas.DataFrame:
        """Every municipality: code, name, readings, a point inside and residents."""
        return pandas.DataFrame(self._http.json("/v1/municipalities")["municipalities"])

    def outlines(self, code: str | Iterable[str] | None = None) -> "geopandas.GeoDataFrame":
        """The outline of a municipality, of several, or of all. GeoPandas has to be installed."""
        return outlines(self._http, code)


def _read(headers: Any) -> dict[str, int]:
    revision = headers.get("Kayoi-Revision")
    return {} if revision is None else {"revision": int(revision)}
