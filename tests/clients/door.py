"""What every client here begins with: addresses in, lines for the runner out.

A client is one file, run by a Python that has what it needs. It tells one JSON object a line: its version, then what it
did, each with what failed or nothing, then `end`. What it must find it asks over HTTP, another door than the one it tries,
so that an answer is compared with an answer and not with itself.
"""

import argparse
import contextlib
import itertools
import json
import pathlib
import sys
import time
import traceback
import urllib.parse
import urllib.request

# The longest wait for a client's own server to come up, and for a thing that it does in the background.
PATIENCE_S = 120
CLIENT = str(pathlib.Path(sys.argv[0]).absolute())


def tell(**line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


class Door:
    """The three addresses of the server, and the truth."""

    def __init__(self, what):
        parser = argparse.ArgumentParser(description=what)
        parser.add_argument("--pg", required=True, help="host:port of the Postgres wire")
        parser.add_argument("--url", required=True, help="HTTP of the server")
        parser.add_argument("--flight", required=True, help="host:port of Arrow Flight SQL")
        options = parser.parse_args()
        self.host, self.port = options.pg.rsplit(":", 1)
        self.url = options.url.rstrip("/")
        self.flight = options.flight

    def get(self, path):
        with urllib.request.urlopen(f"{self.url}{path}", timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def rows(self, sql):
        """The rows of an answer, as lists in the order of its columns."""
        answer = self.get(f"/v1/query?{urllib.parse.urlencode({'sql': sql, 'format': 'json'})}")
        names = [column["name"] for column in answer["columns"]]
        return [[row[name] for name in names] for row in answer["rows"]]

    def value(self, sql):
        [[value]] = self.rows(sql)
        return value

    def tables(self):
        return sorted(table["name"] for table in self.get("/v1/tables")["tables"])

    def columns(self, table):
        """Name and type of each column, in order, as PostgreSQL names types."""
        answer = self.get(f"/v1/query?{urllib.parse.urlencode({'sql': f'SELECT * FROM {table} LIMIT 0', 'format': 'json'})}")
        of_wire = {"double": "double precision"}
        return [(column["name"], of_wire.get(column["type"], column["type"])) for column in answer["columns"]]

    def town(self):
        """The municipality of which there are the most figures, some of them withheld."""
        return self.rows(
            "SELECT municipality_code FROM connected_monthly GROUP BY 1 HAVING count(*) > count(persons) AND count(persons) > 0 "
            "ORDER BY count(persons) DESC, 1 LIMIT 1"
        )[0][0]


@contextlib.contextmanager
def doing(what):
    """One thing that a client does. It fails alone: what comes after it is tried all the same."""
    try:
        yield
    except Exception as error:
        steps = traceback.extract_tb(error.__traceback__)
        # Where the client asked, which is neither here nor in a library.
        place = next(step for step in reversed(steps) if step.filename == CLIENT)
        said = str(error).strip() or f"`{place.line}`"
        tell(did=what, failed=f"{type(error).__name__}: {said} (line {place.lineno})")
    else:
        tell(did=what, failed=None)


def same(found, wanted, of="the answer"):
    """Says both, which a bare `assert` does not; of long lists where they begin to differ."""
    if found == wanted:
        return
    if isinstance(found, list) and isinstance(wanted, list) and len(wanted) > 5:
        pairs = enumerate(itertools.zip_longest(found, wanted, fillvalue="nothing"))
        number, (one, other) = next((number, pair) for number, pair in pairs if pair[0] != pair[1])
        of = f"{of} has {len(found)} of {len(wanted)}, and number {number}"
        found, wanted = one, other
    raise AssertionError(f"{of} is {shorten(found)}, not {shorten(wanted)}")


def shorten(value, most=300):
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}…"


def until(what, ready):
    """Asks again until it is so; the time is a limit, not a wait."""
    last = time.monotonic() + PATIENCE_S
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > last:
            raise AssertionError(f"{what}: not within {PATIENCE_S} s")
        time.sleep(0.1)


def end():
    tell(end=True)
