"""What notebooks ask over the Postgres wire, each with its own driver.

In: the address of a server, as a URL. Out: a line for each thing that holds, `end` as the last one. Every assertion
that fails ends the program with its reason.
"""

import asyncio
import datetime
import io
import sys

import adbc_driver_postgresql.dbapi as adbc
import asyncpg
import connectorx
import pandas
import polars
import psycopg
import psycopg2
import sqlalchemy

URL = sys.argv[1]
ALL = "SELECT month, persons, kind, municipality FROM connected_monthly"


def ok(*words):
    print("ok", *words, flush=True)


def reflect(driver):
    engine = sqlalchemy.create_engine(URL.replace("postgresql", f"postgresql+{driver}", 1))
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    table = metadata.tables["connected_monthly"]
    assert table.comment and "人" in table.comment and " / " in table.comment, table.comment
    assert all(column.comment for column in table.columns)
    assert isinstance(table.c.month.type, sqlalchemy.Date)
    key = [column.name for column in table.primary_key.columns]
    assert key == ["month", "municipality_code", "kind", "origin_level", "origin_code"], key
    with engine.connect().execution_options(stream_results=True, yield_per=50) as connection:
        return len(metadata.tables), len(connection.execute(sqlalchemy.select(table)).fetchall())


def main():
    tables, rows = reflect("psycopg")
    assert reflect("psycopg2") == (tables, rows)
    ok("reflection", tables, rows)

    engine = sqlalchemy.create_engine(URL.replace("postgresql", "postgresql+psycopg", 1))
    frame = pandas.read_sql_table("connected_monthly", engine)
    assert len(frame) == rows and len(pandas.read_sql(ALL, engine)) == rows
    hidden = int(frame["persons"].isna().sum())
    assert hidden > 0 and (frame.loc[frame["persons"].isna(), "status"] != "published").all()
    ok("pandas", rows, hidden)

    with adbc.connect(URL) as connection:
        assert len(pandas.read_sql(ALL, connection)) == rows
        found = connection.adbc_get_objects(depth="tables").read_all().to_pylist()
        listed = [
            len(schema["db_schema_tables"])
            for catalog in found
            for schema in catalog["catalog_db_schemas"] or []
            if schema["db_schema_name"] == "public"
        ]
        assert listed == [tables], listed
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM connected_monthly WHERE kind = $1", ("connected",))
            assert cursor.fetchone() == (rows,)
    ok("adbc", listed[0])

    for protocol in ("binary", "csv", "cursor", "simple"):
        assert connectorx.read_sql(URL, ALL, protocol=protocol, return_type="arrow").num_rows == rows, protocol
    assert len(polars.read_database_uri(ALL, URL, engine="connectorx")) == rows
    assert len(polars.read_database_uri(ALL, URL, engine="adbc")) == rows
    ok("polars and connectorx")

    with psycopg.connect(URL) as connection:
        with connection.cursor().copy("COPY (SELECT month, persons FROM connected_monthly) TO STDOUT (FORMAT binary)") as copy:
            copy.set_types(["date", "int8"])
            copied = list(copy.rows())
        assert sorted(copied, key=str) == sorted(connection.execute("SELECT month, persons FROM connected_monthly"), key=str)
        with connection.cursor(name="held", withhold=True, binary=True) as cursor:
            cursor.execute(ALL)
            assert len(cursor.fetchmany(7)) == 7
            cursor.scroll(10)
            assert len(cursor.fetchall()) == rows - 17
        of = "SELECT count(*) FROM connected_monthly WHERE kind = ANY(%s) AND month BETWEEN %s AND %s"
        values = (["connected", "dual_resident"], datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
        assert connection.execute(of, values).fetchone() == (rows,)
    ok("psycopg", len(copied))

    connection = psycopg2.connect(URL)
    cursor = connection.cursor("named")
    cursor.execute(ALL)
    assert len(cursor.fetchall()) == rows
    written = io.StringIO()
    connection.cursor().copy_expert("COPY connected_monthly TO STDOUT CSV HEADER", written)
    assert written.getvalue().count("\n") == rows + 1
    ok("psycopg2")

    async def asynchronous():
        connection = await asyncpg.connect(URL)
        out = io.BytesIO()
        told = await connection.copy_from_query("SELECT 1 AS one WHERE 'x' = $1", "x", output=out, format="csv", header=True)
        assert (told, out.getvalue()) == ("COPY 1", b"one\n1\n"), (told, out.getvalue())
        async with connection.transaction():
            cursor = await connection.cursor(ALL)
            assert len(await cursor.fetch(10)) == 10
        return await connection.fetchval("SELECT count(*) FROM connected_monthly WHERE kind = ANY($1)", ["connected"])

    assert asyncio.run(asynchronous()) == rows
    ok("asyncpg")
    print("end")


if __name__ == "__main__":
    main()
