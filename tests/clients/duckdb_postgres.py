"""DuckDB with its postgres extension: the server attached as a database, read by `COPY` and by cursors.

Run by the Python that has `duckdb` and the extension as a wheel of the same version. Without network nothing else is loaded.
"""

import importlib.metadata

import duckdb
from door import Door, doing, end, same, tell
from duckdb_extensions import import_extension


def listed(door, database, sql):
    """The same question to both, the answer of one as lists of what JSON has."""
    rows = database.sql(sql).fetchall()
    found = [[value.isoformat() if hasattr(value, "isoformat") else value for value in row] for row in rows]
    same(found, door.rows(sql.replace("kayoi.public.", "")))


def main():
    door = Door(__doc__)
    tell(version=importlib.metadata.version("duckdb"))
    database = duckdb.connect()
    import_extension("postgres_scanner", con=database)
    database.sql("LOAD postgres_scanner")
    address = f"host={door.host} port={door.port} dbname=kayoi user=analyst"
    database.sql(f"ATTACH '{address}' AS kayoi (TYPE postgres, READ_ONLY)")
    town = door.town()

    with doing("attached: every table is listed"):
        found = database.sql("SELECT table_name FROM duckdb_tables() WHERE database_name = 'kayoi' AND schema_name = 'public'")
        same(sorted(name for (name,) in found.fetchall()), door.tables(), "the tables")
    with doing("attached: columns with their types"):
        found = database.sql("DESCRIBE kayoi.public.connected_monthly").fetchall()
        kinds = {"text": "VARCHAR", "double precision": "DOUBLE"}
        wanted = [(name, kinds.get(kind, kind.upper())) for name, kind in door.columns("connected_monthly")]
        same([(name, kind) for name, kind, *_ in found], wanted, "the columns")
    with doing("attached: a whole table, by COPY"):
        listed(door, database, "SELECT * FROM kayoi.public.municipalities ORDER BY municipality_code")
    with doing("attached: a filter, with NULL"):
        listed(
            door,
            database,
            f"""SELECT month, kind, origin_code, persons FROM kayoi.public.connected_monthly
            WHERE municipality_code = '{town}' AND month >= DATE '2025-01-01' ORDER BY 1, 2, 3, 4 LIMIT 5000""",
        )
    with doing("attached: two tables joined here"):
        listed(
            door,
            database,
            f"""SELECT c.month, sum(c.persons)::bigint, max(m.population_2020)
            FROM kayoi.public.connected_monthly c JOIN kayoi.public.municipalities m ON m.municipality_code = c.municipality_code
            WHERE c.municipality_code = '{town}' AND c.kind = 'connected' GROUP BY 1 ORDER BY 1""",
        )
    with doing("attached: a count alone"):
        # Of a table below the limit of rows: DuckDB reads a row for each that it counts.
        listed(door, database, "SELECT count(*) FROM kayoi.public.municipalities")
    with doing("postgres_query: the server's own SQL"):
        sql = "SELECT prefecture, count(*) AS n FROM municipalities GROUP BY 1 ORDER BY 2 DESC, 1"
        found = database.execute("SELECT * FROM postgres_query('kayoi', ?)", [sql]).fetchall()
        # It puts the question into another one, which has no order.
        same(sorted(map(list, found)), sorted(door.rows(sql)))
    with doing("postgres_query: numbers of rows are a bigint"):
        sql = "SELECT row_number() OVER (ORDER BY municipality_code) AS n FROM municipalities"
        same(database.sql(f"DESCRIBE SELECT * FROM postgres_query('kayoi', '{sql}')").fetchall()[0][1], "BIGINT", "its type")
    with doing("postgres_scan: a table without attaching, in text and in binary"):
        for binary in (True, False):
            other = duckdb.connect()
            other.sql("LOAD postgres_scanner")
            other.sql(f"SET pg_use_binary_copy = {str(binary).lower()}")
            sums = "SELECT count(*), sum(population_2020) FROM "
            found = other.execute(f"{sums} postgres_scan(?, 'public', 'municipalities')", [address])
            same([list(row) for row in found.fetchall()], door.rows(f"{sums} municipalities"))
    with doing("what would write is refused"):
        try:
            database.sql("CREATE TABLE kayoi.public.t (a INTEGER)")
        except duckdb.Error as refused:
            assert "read-only" in str(refused), refused
        else:
            raise AssertionError("a table was made")
    end()


if __name__ == "__main__":
    main()
