"""pgAdmin 4 on a desktop: its own server is started, and asked over HTTP what its windows ask it.

Run by the Python that has `pgadmin4`. What it keeps goes into a folder that is removed. A request that fails here is
what a user sees as a red box, or as a part of the tree that does not open.
"""

import contextlib
import http.cookiejar
import importlib.metadata
import importlib.util
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

from door import PATIENCE_S, Door, doing, end, same, tell, until

# What is asked of every table, and what of every database, schema and server. Of each, PostgreSQL gives an answer.
OF_TABLE = [
    "index",
    "trigger",
    "rule",
    "constraints",
    "primary_key",
    "foreign_key",
    "unique_constraint",
    "row_security_policy",
    "partition",
]
OF_SCHEMA = [
    "view",
    "mview",
    "function",
    "procedure",
    "trigger_function",
    "sequence",
    "type",
    "domain",
    "collation",
    "foreign_table",
    "aggregate",
    "operator",
    "fts_configuration",
    "fts_dictionary",
    "fts_parser",
    "fts_template",
]
OF_DATABASE = ["cast", "event_trigger", "extension", "foreign_data_wrapper", "language", "publication", "subscription", "catalog"]
# Its own spelling, in two parts because the checker of words is right about it.
ALREADY_ASKED = "query_commit" + "ed"
STATISTICS = "session_stats,tps_stats,ti_stats,to_stats,bio_stats"


class Refused(Exception):
    pass


class PgAdmin:
    """Its server's HTTP, as the page in the window uses it."""

    def __init__(self, port, key):
        self.address = f"http://127.0.0.1:{port}"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.key = key
        self.token = None

    def text(self, method, path, body=None):
        request = urllib.request.Request(f"{self.address}{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("X-pgA-CSRFToken", self.token)
        try:
            with self.browser.open(request, timeout=PATIENCE_S) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            said = error.read().decode()
            with contextlib.suppress(ValueError, KeyError, TypeError):
                said = json.loads(said)["errormsg"]
            raise Refused(f"{error.code}: {' '.join(said.split())[:600]}") from None

    def ask(self, method, path, body=None):
        return json.loads(self.text(method, path, body))

    def get(self, path):
        answer = self.ask("GET", path)
        return answer["data"] if isinstance(answer, dict) and "data" in answer and "success" in answer else answer

    def open(self):
        """The window: a cookie, a token, and the password with which a desktop keeps others."""
        self.text("GET", f"/?key={self.key}")
        self.token = re.search(r"\['csrf_token'\] = '([^']+)'", self.text("GET", "/browser/js/utils.js"))[1]
        self.ask("POST", "/browser/master_password", {"password": "of this run", "button_click": True, "submit_password": True})


@contextlib.contextmanager
def desktop():
    """Its server, as the desktop's runtime starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    package = importlib.util.find_spec("pgadmin4").submodule_search_locations[0]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "PGADMIN_SERVER_MODE": "OFF"}
        environment |= {"PGADMIN_INT_PORT": str(port), "PGADMIN_INT_KEY": "k"}
        # A desktop's pgAdmin takes a service file or a password of its user's; the answers must not depend on them.
        for name in [name for name in environment if name.startswith("PG") and not name.startswith("PGADMIN")]:
            del environment[name]
        log = pathlib.Path(home, "log")
        with log.open("wb") as out:
            program = [sys.executable, pathlib.Path(package, "pgAdmin4.py")]
            server = subprocess.Popen(program, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            window = PgAdmin(port, "k")

            def answers():
                if server.poll() is not None:
                    raise AssertionError(f"pgAdmin ended: {log.read_text(errors='replace')[-2000:]}")
                with contextlib.suppress(OSError):
                    return "PING" in window.text("GET", "/misc/ping?key=k")

            until("pgAdmin's server answers", answers)
            window.open()
            yield window
        finally:
            server.terminate()
            server.wait()


class Query:
    """One tab of the query tool, or of the grid over a table."""

    def __init__(self, window, at):
        self.window = window
        self.at = at
        self.number = random.randint(1, 9_999_999)

    def tool(self):
        body = {"user": "analyst", "role": "", "dbname": "kayoi"}
        self.window.ask("POST", f"/sqleditor/initialize/sqleditor/{self.number}/{self.at}", body)
        return self

    def grid(self, table):
        body = {"user": "analyst", "dbname": "kayoi"}
        # 3 is the menu's "All Rows".
        self.window.ask("POST", f"/sqleditor/initialize/viewdata/{self.number}/3/table/{self.at}/{table}", body)
        self.window.ask("GET", f"/sqleditor/view_data/start/{self.number}")
        return self.answer()

    def ask(self, sql, plan=None):
        self.window.ask("POST", f"/sqleditor/query_tool/start/{self.number}", {"sql": sql, "explain_plan": plan})
        return self.answer()

    def answer(self):
        def done():
            found = self.window.get(f"/sqleditor/poll/{self.number}")
            return found if found["status"] != "Busy" else None

        found = until("the answer of the query tool", done)
        same(found["status"], "Success", "the query's status")
        return [column["name"] for column in found["colinfo"]], found["result"]


def written(rows):
    """As the grid shows them: everything a text as PostgreSQL writes it, and NULL as it is."""
    return [[None if value is None else str(value).removesuffix(".0") for value in row] for row in rows]


def look(door, window):
    options = {
        "name": "kayoi",
        "host": door.host,
        "port": int(door.port),
        "maintenance_db": "kayoi",
        "db": "kayoi",
        "gid": 1,
        "username": "analyst",
        "role": "",
        "kerberos_conn": False,
        "tags": [],
        "connection_params": [{"name": "sslmode", "value": "prefer", "keyword": "sslmode"}],
    }
    server = window.ask("POST", "/browser/server/obj/1/", options)["node"]["_id"]

    told = window.ask("POST", f"/browser/server/connect/1/{server}", {"password": ""})["data"]
    databases = window.get(f"/browser/database/nodes/1/{server}/")
    database = next(one["_id"] for one in databases if one["label"] == "kayoi")
    window.ask("POST", f"/browser/database/connect/1/{server}/{database}", {})
    in_database = f"1/{server}/{database}"
    tool = Query(window, in_database).tool()
    _, [[asker]] = tool.ask("SELECT current_user")
    with doing("server: added and connected, as the role that it is"):
        same((told["connected"], told["user"].get("name")), (True, asker), "connected, and as whom")

    with doing("query tool: an answer, with letters, numbers and NULL"):
        where = f"WHERE municipality_code = '{door.town()}'"
        sql = f"SELECT month, kind, persons FROM connected_monthly {where} ORDER BY 1, 2, 3 LIMIT 900"
        names, rows = tool.ask(sql)
        same((names, rows), (["month", "kind", "persons"], written(door.rows(sql))))

    with doing("query tool: the next page of an answer of 1,500 rows"):
        sql = "SELECT municipality_code, municipality, population_2020 FROM municipalities ORDER BY 1 LIMIT 1500"
        tool.ask(sql)
        found = window.get(f"/sqleditor/fetch_window/{tool.number}/1001/1500")["result"]
        same([row[:3] for row in found], written(door.rows(sql))[1000:1500], "the second page")

    with doing("query tool: an error, with its place"):
        try:
            tool.ask("SELECT nosuch FROM municipalities")
        except Refused as refused:
            assert "42703" in str(refused) and "Character: 8" in str(refused), refused
        else:
            raise AssertionError("a column that is not there was answered")

    with doing("query tool: explain, as its picture needs it"):
        plan = dict.fromkeys(["analyze", "verbose", "buffers", "costs", "timing", "summary", "settings", "wal"], False)
        names, rows = tool.ask("SELECT count(*) FROM municipalities", {"format": "json", **plan})
        same(names, ["QUERY PLAN"], "the columns of EXPLAIN (FORMAT JSON)")
        plan = json.loads(rows[0][0]) if isinstance(rows[0][0], str) else rows[0][0]
        assert plan[0]["Plan"]["Node Type"], rows

    with doing("query tool: names of tables and columns are completed"):
        body = ["SELECT * FROM municipal", "SELECT * FROM municipal"]
        found = window.ask("POST", f"/sqleditor/autocomplete/{tool.number}", body)["data"]["result"]
        assert "municipalities" in found, f"the words for `municipal` are {sorted(found)}"

    with doing("query tool: an answer is downloaded"):
        sql = "SELECT municipality_code, population_2020 FROM municipalities ORDER BY 1"
        body = {"query": sql, "filename": "towns.csv", ALREADY_ASKED: True}
        lines = window.text("POST", f"/sqleditor/query_tool/download/{tool.number}", body).split()
        wanted = ['"municipality_code","population_2020"', *(f'"{code}",{people}' for code, people in door.rows(sql))]
        same(lines, wanted, "the file")

    _, [[public, table]] = tool.ask(
        "SELECT n.oid, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relname = 'municipalities'"
    )
    in_schema = f"{in_database}/{public}"

    with doing("grid: View/Edit Data, All Rows"):
        names, rows = Query(window, in_database).grid(table)
        same(names, [name for name, _ in door.columns("municipalities")], "the columns")
        same(sorted(rows), written(door.rows("SELECT * FROM municipalities ORDER BY 1"))[: len(rows)], "the rows")
        assert len(rows) >= 1000, len(rows)

    with doing("tree: the schemas are those of tables and of questions"):
        found = sorted(one["label"] for one in window.get(f"/browser/schema/nodes/{in_database}/"))
        same(found, ["public", "questions"], "the schemas")

    with doing("tree: what hangs below a schema"):
        found = {one["_type"] for one in window.get(f"/browser/schema/children/{in_schema}")}
        assert {"coll-table", "coll-view", "coll-function"} <= found, found

    with doing("tree: every table, with its explanation"):
        found = {one["label"]: one["description"] for one in window.get(f"/browser/table/nodes/{in_schema}/")}
        same(sorted(found), door.tables(), "the tables")
        same([name for name, words in found.items() if " / " not in (words or "")], [], "tables without an explanation")

    with doing("tree: every column, with its type and explanation"):
        found = window.get(f"/browser/column/nodes/{in_schema}/{table}/")
        same([(one["label"], one["datatype"]) for one in found], door.columns("municipalities"), "the columns")
        same([one["label"] for one in found if not one["description"]], [], "columns without an explanation")

    with doing("tree: a table's rows are counted"):
        found = window.get(f"/browser/table/count_rows/{in_schema}/{table}")["total_rows"]
        same(int(found), door.value("SELECT count(*) FROM municipalities"), "the number of rows")

    with doing("tree: the functions of Kayoi"):
        found = [one["label"] for one in window.get(f"/browser/function/nodes/{in_schema}/")]
        assert any(name.startswith("h3_cell(") for name in found), found

    with doing("tree: the role that asks"):
        found = [one["label"] for one in window.get(f"/browser/role/nodes/1/{server}/")]
        assert asker in found, f"`{asker}` is not among the roles {found}"

    for kind in OF_TABLE:
        with doing(f"tree: below a table, {kind}"):
            same(window.get(f"/browser/{kind}/nodes/{in_schema}/{table}/"), [], kind)
    for kind in [one for one in OF_SCHEMA if one != "function"]:
        with doing(f"tree: below a schema, {kind}"):
            same(window.get(f"/browser/{kind}/nodes/{in_schema}/"), [], kind)
    for kind in OF_DATABASE:
        with doing(f"tree: below a database, {kind}"):
            assert isinstance(window.get(f"/browser/{kind}/nodes/{in_database}/"), list)

    with doing("properties: of the database"):
        same(window.get(f"/browser/database/obj/{in_database}")["name"], "kayoi", "its name")
    with doing("properties: of the schema"):
        same(window.get(f"/browser/schema/obj/{in_schema}")["name"], "public", "its name")
    with doing("properties: of a table"):
        found = window.get(f"/browser/table/obj/{in_schema}/{table}")
        same([column["name"] for column in found["columns"]], [name for name, _ in door.columns("municipalities")], "its columns")
    with doing("properties: of a column"):
        same(window.get(f"/browser/column/obj/{in_schema}/{table}/1")["name"], "municipality_code", "its name")
    with doing("properties: of a function"):
        function = window.get(f"/browser/function/nodes/{in_schema}/")[0]
        found = window.get(f"/browser/function/obj/{in_schema}/{function['_id']}")
        same(found["name"], function["label"].split("(")[0], "its name")
    with doing("properties: of a tablespace"):
        space = window.get(f"/browser/tablespace/nodes/1/{server}/")[0]
        same(window.get(f"/browser/tablespace/obj/1/{server}/{space['_id']}")["name"], space["label"], "its name")

    with doing("SQL: of a table"):
        found = window.get(f"/browser/table/sql/{in_schema}/{table}")
        assert "CREATE TABLE" in found and "population_2020 bigint" in found, found
    with doing("SQL: the SELECT script of a table"):
        found = window.get(f"/browser/table/select_sql/{in_schema}/{table}")
        assert found.startswith("SELECT municipality_code") and "FROM public.municipalities" in found, found
    with doing("dependencies: of a table, and what depends on it"):
        found = {one["name"] for one in window.get(f"/browser/table/dependency/{in_schema}/{table}")}
        assert found <= {"public", "analyst", "postgres"}, found
        same(window.get(f"/browser/table/dependent/{in_schema}/{table}"), [], "what depends on it")

    with doing("statistics: of all tables"):
        found = window.get(f"/browser/table/stats/{in_schema}/")
        same(sorted(row["Table name"] for row in found["rows"]), door.tables(), "the tables")
    with doing("statistics: of a table"):
        assert window.get(f"/browser/table/stats/{in_schema}/{table}")["rows"]
    with doing("statistics: of the database"):
        assert window.get(f"/browser/database/stats/{in_database}")["rows"]

    for name, at in [("server", f"{server}"), ("database", f"{server}/{database}")]:
        with doing(f"dashboard: the graphs of the {name}"):
            found = window.get(f"/dashboard/dashboard_stats/{at}?chart_names={STATISTICS}")
            same(sorted(found), sorted(STATISTICS.split(",")), "the graphs")
            assert found["session_stats"]["Total"] >= 1, found
    for what in ("activity", "locks", "prepared"):
        with doing(f"dashboard: {what}"):
            assert isinstance(window.get(f"/dashboard/{what}/{server}/{database}"), list)
    with doing("dashboard: configuration"):
        found = {one["name"].lower() for one in window.get(f"/dashboard/config/{server}")}
        assert {"timezone", "statement_timeout"} <= found, found

    with doing("search: objects by a part of their name"):
        found = window.get(f"/search_objects/search/{server}/{database}?text=municipalities&type=all")
        assert any(one["name"] == "municipalities" and one["type"] == "table" for one in found), found


def main():
    door = Door(__doc__)
    tell(version=importlib.metadata.version("pgadmin4"))
    with desktop() as window:
        look(door, window)
    end()


if __name__ == "__main__":
    main()
