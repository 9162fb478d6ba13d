"""Apache Superset: its own server is started, and asked over its API what its pages ask it.

Run by the Python that has `apache-superset` and `psycopg2`. What it keeps goes into a folder that is removed. Its own
database is made anew each time, which takes most of the time.
"""

import contextlib
import http.cookiejar
import importlib.metadata
import json
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from door import PATIENCE_S, Door, doing, end, same, tell, until

SETUP_S = 600
# What is chosen under Time Grain.
GRAINS = {"P1D": "day", "P1W": "week", "P1M": "month", "P3M": "quarter", "P1Y": "year"}


class Refused(Exception):
    pass


class Superset:
    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.headers = {"Referer": self.address}

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"{self.address}{path}", method=method, headers=self.headers)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with self.browser.open(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read().decode()
            with contextlib.suppress(ValueError, KeyError, TypeError, IndexError):
                said = json.loads(said)
                said = said.get("message") or said["errors"][0]["message"]
            raise Refused(f"{error.code}: {' '.join(str(said).split())[:600]}") from None

    def sign_in(self, password):
        who = {"username": "admin", "password": password, "provider": "db", "refresh": True}
        self.headers["Authorization"] = f"Bearer {self.ask('POST', '/api/v1/security/login', who)['access_token']}"
        self.headers["X-CSRFToken"] = self.ask("GET", "/api/v1/security/csrf_token/")["result"]


@contextlib.contextmanager
def web():
    """Its server, set up as its guide says: database, user, roles, run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        settings = pathlib.Path(home, "superset_config.py")
        settings.write_text(f"SECRET_KEY = {secrets.token_hex()!r}\n", encoding="utf-8")
        environment = {**os.environ, "SUPERSET_HOME": home, "SUPERSET_CONFIG_PATH": str(settings), "FLASK_APP": "superset"}
        program = pathlib.Path(sys.executable).with_name("superset")
        password = secrets.token_hex()
        user = ["--username", "admin", "--firstname", "a", "--lastname", "b", "--email", "a@example.com", "--password", password]
        for step in (["db", "upgrade"], ["fab", "create-admin", *user], ["init"]):
            ended = subprocess.run([program, *step], env=environment, capture_output=True, text=True, timeout=SETUP_S)
            if ended.returncode != 0:
                raise AssertionError(f"superset {' '.join(step[:2])}: {ended.stderr[-2000:]}")
        log = pathlib.Path(home, "log")
        with log.open("wb") as out:
            run = [program, "run", "--host", "127.0.0.1", "--port", str(port)]
            server = subprocess.Popen(run, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            window = Superset(port)

            def answers():
                if server.poll() is not None:
                    raise AssertionError(f"Superset ended: {log.read_text(errors='replace')[-2000:]}")
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{window.address}/health") as answer:
                    return answer.status == 200

            until("Superset's server answers", answers)
            window.sign_in(password)
            yield window
        finally:
            server.terminate()
            server.wait()


class Charts:
    """Charts of one data set, without a picture."""

    def __init__(self, window, number):
        self.window = window
        self.source = {"id": number, "type": "table"}

    def of(self, **query):
        body = {"datasource": self.source, "force": True, "queries": [{"row_limit": 10_000, **query}]}
        body |= {"result_format": "json", "result_type": "full"}
        [found] = self.window.ask("POST", "/api/v1/chart/data", body)["result"]
        assert found["error"] is None, found["error"]
        return found["data"]


def figures(rows):
    """Superset gives numbers of a column with a NULL in it as fractions."""
    return [[int(value) if isinstance(value, float) else value for value in row] for row in rows]


def look(door, window):
    town = door.town()
    address = f"postgresql+psycopg2://analyst@{door.host}:{door.port}/kayoi"
    with doing("database: the connection is tested"):
        body = {"sqlalchemy_uri": address, "database_name": "kayoi"}
        same(window.ask("POST", "/api/v1/database/test_connection/", body), {"message": "OK"})
    body = {"database_name": "kayoi", "sqlalchemy_uri": address, "expose_in_sqllab": True}
    database = window.ask("POST", "/api/v1/database/", body)["id"]
    at = f"/api/v1/database/{database}"

    with doing("database: schemas"):
        assert "public" in window.ask("GET", f"{at}/schemas/")["result"]
    with doing("database: every table"):
        found = window.ask("GET", f"{at}/tables/?q=(schema_name:public,force:!t)")["result"]
        same(sorted(one["value"] for one in found), door.tables(), "the tables")
    with doing("database: columns with their explanations, keys, SELECT"):
        found = window.ask("GET", f"{at}/table_metadata/?name=connected_monthly&schema=public")
        wanted = [(name, kind.upper()) for name, kind in door.columns("connected_monthly")]
        same([(one["name"], one["longType"]) for one in found["columns"]], wanted, "the columns")
        silent = [one["name"] for one in found["columns"] if " / " not in (one["comment"] or "")]
        same(silent, [], "columns without an explanation")
        assert " / " in (found["comment"] or ""), f"the table's explanation is {found['comment']}"

    with doing("SQL Lab: an answer, with letters, dates and NULL"):
        sql = f"""SELECT c.month, c.kind, c.persons, m.population_2020 FROM connected_monthly c
            JOIN municipalities m ON m.municipality_code = c.municipality_code
            WHERE c.municipality_code = '{town}' ORDER BY 1, 2, 3"""
        body = {
            "database_id": database,
            "sql": sql,
            "schema": "public",
            "queryLimit": 900,
            "runAsync": False,
            "client_id": secrets.token_hex(5),
            "select_as_cta": False,
        }
        found = window.ask("POST", "/api/v1/sqllab/execute/", body)
        names = ["month", "kind", "persons", "population_2020"]
        same(
            [(one["column_name"], one["is_dttm"]) for one in found["columns"]],
            [(name, name == "month") for name in names],
            "the columns",
        )
        same([[row[name] for name in names] for row in found["data"]], door.rows(f"{sql} LIMIT 900"), "the rows")
    with doing("SQL Lab: an error, with what the server said"):
        try:
            window.ask(
                "POST",
                "/api/v1/sqllab/execute/",
                {**body, "sql": "SELECT nosuch FROM municipalities", "client_id": secrets.token_hex(5)},
            )
        except Refused as refused:
            assert "nosuch" in str(refused), refused
        else:
            raise AssertionError("a column that is not there was answered")

    body = {"database": database, "schema": "public", "table_name": "connected_monthly"}
    data_set = window.ask("POST", "/api/v1/dataset/", body)["id"]
    with doing("data set: columns, and which of them is a time"):
        found = window.ask("GET", f"/api/v1/dataset/{data_set}")["result"]["columns"]
        wanted = [(name, kind.upper(), kind == "date") for name, kind in door.columns("connected_monthly")]
        same([(one["column_name"], one["type"], bool(one["is_dttm"])) for one in found], wanted, "the columns")

    charts = Charts(window, data_set)
    total = {"expressionType": "SIMPLE", "column": {"column_name": "persons"}, "aggregate": "SUM", "label": "total"}
    of_town = [
        {"col": "municipality_code", "op": "==", "val": town},
        {"col": "kind", "op": "IN", "val": ["connected", "visitor"]},
    ]
    where = f"municipality_code = '{town}' AND kind IN ('connected', 'visitor')"
    with doing("chart: a table by kind"):
        found = charts.of(filters=of_town, metrics=[total], columns=["kind"], orderby=[[total, False]])
        sql = f"SELECT kind, sum(persons) FROM connected_monthly WHERE {where} GROUP BY 1 ORDER BY 2 DESC"
        same([[row["kind"], row["total"]] for row in found], door.rows(sql))

    def by_time(grain, **more):
        axis = {
            "timeGrain": grain,
            "columnType": "BASE_AXIS",
            "sqlExpression": "month",
            "label": "month",
            "expressionType": "SQL",
        }
        rows = charts.of(filters=of_town, metrics=[total], columns=[axis], orderby=[], extras={"time_grain_sqla": grain}, **more)
        return sorted([int(row["month"]) // 1000, row["total"]] for row in rows if row["total"] is not None)

    for grain, unit in GRAINS.items():
        with doing(f"chart: a line by {unit}"):
            sql = f"""SELECT extract(epoch FROM date_trunc('{unit}', month))::bigint, sum(persons) FROM connected_monthly
                WHERE {where} GROUP BY 1 HAVING sum(persons) IS NOT NULL ORDER BY 1"""
            same(figures(by_time(grain)), door.rows(sql))
    with doing("chart: a line within a range of time"):
        first, last = door.rows(f"SELECT min(month), max(month) FROM connected_monthly WHERE {where} AND persons IS NOT NULL")[0]
        sql = f"""SELECT extract(epoch FROM month)::bigint, sum(persons) FROM connected_monthly
            WHERE {where} AND month >= '{first}' AND month < '{last}' GROUP BY 1 HAVING sum(persons) IS NOT NULL ORDER BY 1"""
        same(figures(by_time("P1M", granularity="month", time_range=f"{first} : {last}")), door.rows(sql))
    with doing("chart: the first series alone, by a join with itself"):
        found = charts.of(
            filters=of_town,
            metrics=[total],
            columns=["kind", "month_text"],
            orderby=[["month_text", True]],
            series_columns=["kind"],
            series_limit=1,
            series_limit_metric=total,
        )
        [[first]] = door.rows(f"SELECT kind FROM connected_monthly WHERE {where} GROUP BY 1 ORDER BY sum(persons) DESC LIMIT 1")
        sql = f"SELECT month_text, sum(persons) FROM connected_monthly WHERE {where} AND kind = '{first}' GROUP BY 1 ORDER BY 1"
        same(figures([row["month_text"], row["total"]] for row in found), door.rows(sql))
    with doing("chart: counts, means and a part of a name"):
        mean = {"expressionType": "SQL", "sqlExpression": "round(AVG(persons))", "label": "mean"}
        towns = {"expressionType": "SQL", "sqlExpression": "COUNT(DISTINCT municipality_code)", "label": "towns"}
        part = [
            {"col": "municipality", "op": "ILIKE", "val": "%市%"},
            {"col": "persons", "op": "IS NOT NULL"},
            {"col": "month_text", "op": "==", "val": door.value("SELECT max(month_text) FROM connected_monthly")},
        ]
        found = charts.of(filters=part, metrics=["count", towns, mean], columns=["status"], orderby=[["status", True]])
        sql = f"""SELECT status, count(*), count(DISTINCT municipality_code), round(avg(persons)) FROM connected_monthly
            WHERE municipality ILIKE '%市%' AND persons IS NOT NULL AND month_text = '{part[2]["val"]}' GROUP BY 1 ORDER BY 1"""
        same([[row["status"], row["count"], row["towns"], row["mean"]] for row in found], door.rows(sql))
    with doing("filter box: the values of a column"):
        found = window.ask("GET", f"/api/v1/datasource/table/{data_set}/column/kind/values/")["result"]
        same(sorted(found), [kind for [kind] in door.rows("SELECT DISTINCT kind FROM connected_monthly ORDER BY 1")])
    with doing("chart: kept, and its data asked anew"):
        query = {"filters": of_town, "metrics": [total], "columns": ["kind"], "orderby": [], "row_limit": 10}
        context = {"datasource": charts.source, "force": False, "queries": [query]}
        context |= {"result_format": "json", "result_type": "full"}
        chart = {
            "slice_name": "by kind",
            "viz_type": "table",
            "datasource_id": data_set,
            "datasource_type": "table",
            "params": json.dumps({"viz_type": "table"}),
            "query_context": json.dumps(context),
        }
        number = window.ask("POST", "/api/v1/chart/", chart)["id"]
        [found] = window.ask("GET", f"/api/v1/chart/{number}/data/")["result"]
        sql = f"SELECT kind, sum(persons) FROM connected_monthly WHERE {where} GROUP BY 1 ORDER BY 1"
        same(sorted([row["kind"], row["total"]] for row in found["data"]), door.rows(sql))
    with doing("data set: of a question"):
        sql = f"SELECT month, sum(persons) AS persons FROM connected_monthly WHERE municipality_code = '{town}' GROUP BY 1"
        body = {"database": database, "schema": "public", "table_name": "of a town", "sql": sql}
        number = window.ask("POST", "/api/v1/dataset/", body)["id"]
        found = Charts(window, number).of(metrics=[total], columns=[], filters=[])
        wanted = door.rows(f"SELECT sum(persons) FROM connected_monthly WHERE municipality_code = '{town}'")
        same(figures([[found[0]["total"]]]), wanted)


def main():
    door = Door(__doc__)
    tell(version=importlib.metadata.version("apache-superset"))
    with web() as window:
        look(door, window)
    end()


if __name__ == "__main__":
    main()
