"""Asks one door what it is told to, and says in one form what comes back.

In: the name of a door and its address; on stdin a JSON text per statement. Out: a JSON object per statement, with `rows`, each
a list of texts, and `types`, one letter per column as sqllogictest has them (I, R, T), or with `error` and `state`.
"""

import datetime
import decimal
import json
import sys
import urllib.error
import urllib.request


class Refused(Exception):
    """What a door refused: SQLSTATE where the door has one, and its words."""

    def __init__(self, state, words):
        super().__init__(words)
        self.state = state


def postgres(address):
    """psycopg, as scripts ask."""
    import psycopg

    host, port = address.rsplit(":", 1)
    connection = psycopg.connect(f"host={host} port={port} dbname=kayoi user=analyst", autocommit=True)

    def ask(sql):
        try:
            cursor = connection.execute(sql)
            return [column.name for column in cursor.description], cursor.fetchall()
        except psycopg.Error as error:
            raise Refused(error.sqlstate, str(error)) from error

    return ask


def flight(address):
    """ADBC, as notebooks ask."""
    import adbc_driver_flightsql.dbapi as driver
    import adbc_driver_manager

    connection = driver.connect(address)

    def ask(sql):
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return rows_of(cursor.fetch_arrow_table())
        except adbc_driver_manager.Error as error:
            raise Refused(error.sqlstate, str(error)) from error

    return ask


def http(address):
    """The standard library, as a script without packages asks; Arrow keeps types."""
    import pyarrow.ipc

    def ask(sql):
        body = json.dumps({"sql": sql}).encode()
        headers = {"content-type": "application/json", "accept": "application/vnd.apache.arrow.stream"}
        request = urllib.request.Request(f"http://{address}/v1/query", body, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return rows_of(pyarrow.ipc.open_stream(answer.read()).read_all())
        except urllib.error.HTTPError as error:
            told = json.load(error)
            raise Refused(told.get("sqlstate"), json.dumps(told, ensure_ascii=False)) from error

    return ask


def rows_of(table):
    """Names and rows of an Arrow table."""
    return table.column_names, list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def text(value):
    """A value as all doors can say it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, decimal.Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime.datetime | datetime.date):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(text(one) for one in value) + "]"
    # A line of an answer has one column after another, so that none may be empty.
    return str(value).replace("\n", "\\n") or "(empty)"


def letter(column):
    """The type of a column, by its values."""
    values = [value for value in column if value is not None]
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return "I"
    if values and all(isinstance(value, float | decimal.Decimal | int) and not isinstance(value, bool) for value in values):
        return "R"
    return "T"


def main():
    door, address = sys.argv[1:]
    ask = {"postgres": postgres, "flight": flight, "http": http}[door](address)
    for line in sys.stdin:
        try:
            names, rows = ask(json.loads(line))
            columns = list(zip(*rows, strict=True)) or [()] * len(names)
            said = {
                "types": "".join(letter(column) for column in columns),
                "rows": [[text(value) for value in row] for row in rows],
            }
        except Refused as refused:
            said = {"error": str(refused), "state": refused.state}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
