"""psqlodbc through pyodbc, in the modes that Excel, Access and Power BI choose in its window.

Run by the Python that has `pyodbc`; the driver is Debian's `odbc-postgresql`.
"""

import datetime
import itertools
import re
import subprocess

import pyodbc
from door import Door, doing, end, same, tell

# Whether it declares a cursor, and whether it prepares at the server.
MODES = list(itertools.product((0, 1), (0, 1)))


def connect(door, driver="PostgreSQL Unicode", cursors=0, prepares=1):
    return pyodbc.connect(
        f"DRIVER={{{driver}}};SERVER={door.host};PORT={door.port};DATABASE=kayoi;UID=analyst;"
        f"UseDeclareFetch={cursors};UseServerSidePrepare={prepares};Fetch=100;BoolsAsChar=0",
        timeout=30,
    )


def listed(rows):
    return [[value.isoformat() if isinstance(value, datetime.date) else value for value in row] for row in rows]


def main():
    door = Door(__doc__)
    query = ["dpkg-query", "-W", "-f", "${Version}", "odbc-postgresql"]
    package = subprocess.run(query, capture_output=True, text=True, check=True)
    tell(version=re.sub(r"^\d+:|-.*$", "", package.stdout))
    town = door.town()
    figures = (
        "SELECT month, kind, origin_code, persons FROM connected_monthly WHERE municipality_code = {} "
        "ORDER BY 1, 2, 3, 4 LIMIT 5000"
    )
    wanted = door.rows(figures.format(f"'{town}'"))

    for cursors, prepares in MODES:
        with doing(f"a query with a value, UseDeclareFetch={cursors}, UseServerSidePrepare={prepares}"):
            connection = connect(door, cursors=cursors, prepares=prepares)
            same(listed(connection.execute(figures.format("?"), town).fetchall()), wanted)
            same(listed(connection.execute(figures.format(f"'{town}'")).fetchall()), wanted, "the answer without a value")
            connection.close()
    with doing("the driver of another encoding"):
        connection = connect(door, "PostgreSQL ANSI")
        sql = "SELECT count(*) FROM municipalities WHERE municipality LIKE '%村'"
        same(connection.execute(sql).fetchval(), door.value(sql))
        connection.close()

    connection = connect(door)
    cursor = connection.cursor()
    with doing("SQLTables: every table, with its explanation"):
        found = {row.table_name: row for row in cursor.tables(schema="public")}
        same(sorted(found), door.tables(), "the tables")
        same({row.table_type for row in found.values()}, {"TABLE"}, "their kinds")
    with doing("SQLColumns: every column, with its type"):
        found = [(row.column_name, row.type_name) for row in cursor.columns(table="connected_monthly", schema="public")]
        names = {"bigint": "int8", "integer": "int4", "double precision": "float8"}
        same(found, [(name, names.get(kind, kind)) for name, kind in door.columns("connected_monthly")], "the columns")
    with doing("SQLPrimaryKeys: the columns of a key, in its order"):
        found = [row.column_name for row in cursor.primaryKeys("neighbours", schema="public")]
        same(found, ["municipality_code", "neighbour_code"], "the key")
    for name, ask in [("SQLForeignKeys", cursor.foreignKeys), ("SQLSpecialColumns", cursor.rowIdColumns)]:
        with doing(f"{name}: there are none"):
            same(list(ask("municipalities", schema="public")), [], "what there is")
    with doing("SQLGetTypeInfo: dates and numbers are there"):
        found = {row.type_name for row in cursor.getTypeInfo()}
        assert {"int8", "text", "date", "float8"} <= found, found
    with doing("types: date, bigint, double, boolean, numeric"):
        cursor.execute(
            "SELECT month, persons, persons * 1.5::float8, persons IS NULL, 1.5::numeric, row_number() OVER () "
            f"FROM connected_monthly WHERE municipality_code = '{town}' AND persons IS NOT NULL LIMIT 1"
        )
        kinds = [column[1].__name__ for column in cursor.description]
        # psqlodbc reads a bigint as an integer and a numeric as a Decimal.
        same(kinds, ["date", "int", "float", "bool", "Decimal", "int"], "the types")
        cursor.fetchall()
    with doing("values of every kind, there and back"):
        sent = [7, 9_007_199_254_740_993, 1.5, "通い", True, datetime.date(2026, 3, 1), None]
        sql = "SELECT ?::integer, ?::bigint, ?::double precision, ?::text, ?::boolean, ?::date, ?::text"
        same(list(cursor.execute(sql, sent).fetchone()), sent)
    with doing("a filter by date"):
        sql = "SELECT count(*) FROM connected_monthly WHERE municipality_code = ? AND month BETWEEN ? AND ?"
        found = cursor.execute(sql, town, datetime.date(2025, 1, 1), datetime.date(2025, 12, 1)).fetchval()
        same(
            found,
            door.value(
                "SELECT count(*) FROM connected_monthly WHERE municipality_code = "
                f"'{town}' AND month BETWEEN '2025-01-01' AND '2025-12-01'"
            ),
        )
    with doing("an error has its code, and the connection goes on"):
        try:
            cursor.execute("SELECT nosuch FROM municipalities")
        except pyodbc.Error as refused:
            assert refused.args[0] in ("42S22", "42703") and "nosuch" in refused.args[1], refused.args
        else:
            raise AssertionError("a column that is not there was answered")
        connection.rollback()
        same(cursor.execute("SELECT 'one'").fetchval(), "one")
    connection.close()
    end()


if __name__ == "__main__":
    main()
