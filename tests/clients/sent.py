"""Statements like those of clients that cannot be started here: DBeaver, Metabase, Grafana, Tableau, Power BI and Npgsql.

Run by any Python, through psql. The statements, in `sent`, are written for these tests: each has a trait of what the client
sends when it connects, lists tables, shows a grid or draws a chart. Above it stands what must come back:

rows A,B C,D     these rows, with blanks between and commas within
among A,B        such a row among others
none             no row
number N         so many rows
names A,B        columns of these names
tables           a row for each table
columns          name and type of each column of `municipalities`
as SELECT …      what HTTP answers to this
json             one JSON text
"""

import csv
import io
import json
import pathlib
import re
import subprocess

from door import Door, doing, end, same, tell

FOLDER = pathlib.Path(__file__).with_name("sent")
LONGEST_S = 120
NULL = "<null>"


def psql(door, statements):
    """Names of the columns and rows of the last statement, as texts; all go over one connection."""
    options = ["-X", "-q", "--csv", "-P", f"null={NULL}", "-v", "ON_ERROR_STOP=1"]
    commands = [one for statement in statements for one in ("-c", statement)]
    at = ["-h", door.host, "-p", door.port, "-d", "kayoi", "-U", "analyst"]
    ended = subprocess.run(["psql", *options, *at, *commands], capture_output=True, text=True, timeout=LONGEST_S)
    if ended.returncode != 0:
        raise AssertionError(" ".join(ended.stderr.split())[:700])
    names, *rows = csv.reader(io.StringIO(ended.stdout))
    return names, rows


def written(rows):
    """As PostgreSQL writes them."""
    return [[NULL if value is None else str(value).removesuffix(".0") for value in row] for row in rows]


def look(door, kind, wanted, names, rows):
    if kind == "rows":
        same(rows, [row.split(",") for row in wanted.split()], "the rows")
    elif kind == "among":
        assert wanted.split(",") in rows, f"{wanted} is not among {len(rows)} rows: {rows[:4]}"
    elif kind == "none":
        same(rows, [], "the rows")
    elif kind == "number":
        same(len(rows), int(wanted), "the number of rows")
    elif kind == "names":
        same(names, wanted.split(","), "the names of columns")
    elif kind == "tables":
        # Views stand in a schema of their own, which is part of their name.
        same([name for name, *_ in rows if not name.startswith("questions.")], door.tables(), "the tables")
    elif kind == "columns":
        same(rows, [list(column) for column in door.columns("municipalities")], "the columns")
    elif kind == "as":
        same(rows, written(door.rows(wanted)), "the rows")
    elif kind == "json":
        json.loads("".join(row[0] for row in rows))
    else:
        raise ValueError(f"`{kind}` is not a thing to want")


def main():
    door = Door(__doc__)
    version = subprocess.run(["psql", "--version"], capture_output=True, text=True, check=True).stdout
    tell(version=f"psql {re.search(r'([0-9.]+)', version)[1]}")
    town = door.town()
    for path in sorted(FOLDER.glob("*.sql")):
        for block in path.read_text(encoding="utf-8").replace("{town}", town).strip().split("\n\n"):
            what, wants, *lines = block.split("\n")
            _, _, kind, *wanted = wants.split(" ", 3)
            with doing(f"{path.stem}: {what.removeprefix('-- ')}"):
                look(door, kind, "".join(wanted), *psql(door, "\n".join(lines).rstrip(";").split(";\n")))
    end()


if __name__ == "__main__":
    main()
