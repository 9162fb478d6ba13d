"""What notebooks ask over Arrow Flight SQL, with ADBC's driver.

In: the address of a server and, for TLS, the certificate that signs it. Out: a line for each thing that holds, `end`
as the last one. Every assertion that fails ends the program with its reason.
"""

import sys
import threading
import time
import warnings

import adbc_driver_flightsql.dbapi as flight
import adbc_driver_manager
import polars
import pyarrow
from adbc_driver_flightsql import DatabaseOptions

TABLE = "connected_monthly"
LONG = "SELECT count(*) FROM generate_series(1, 100000) AS a(n), generate_series(1, 100000) AS b(m) WHERE a.n % 7 = b.m % 11"


def refused(words, ask):
    """What a driver makes of a refusal: the right error, with its words and what to do."""
    try:
        ask()
    except adbc_driver_manager.Error as error:
        text = str(error)
        assert words in text and "hint: " in text, text
        for rust in ("panicked", "Err(", "DataFusion", "src/"):
            assert rust not in text, text
        return error
    raise AssertionError(f"not refused: {words}")


def questions(connection):
    cursor = connection.cursor()
    cursor.execute(f"SELECT municipality, persons FROM {TABLE} WHERE persons IS NOT NULL ORDER BY persons DESC LIMIT 3")
    rows = cursor.fetch_arrow_table()
    assert rows.schema.names == ["municipality", "persons"] and rows.num_rows == 3, rows
    assert rows.schema.field("persons").type == pyarrow.int64(), rows.schema
    print("ok question", rows.num_rows)

    cursor.execute(f"SELECT * FROM {TABLE}")
    count = cursor.fetch_arrow_table().num_rows
    cursor.execute(f"SELECT count(*) FROM {TABLE}")
    assert cursor.fetchone() == (count,), count
    cursor.execute("SELECT * FROM generate_series(1, 300000) AS n(i)")
    numbers = cursor.fetch_arrow_table().column(0).to_pylist()
    assert numbers == list(range(1, 300001)), len(numbers)
    print("ok rows", count, len(numbers))

    for sql, values in [
        (f"SELECT count(*) FROM {TABLE} WHERE persons >= ? AND kind = ?", (10, "connected")),
        (f"SELECT count(*) FROM {TABLE} WHERE persons >= $1 AND kind = $2", (10, "connected")),
    ]:
        cursor.execute(sql, values)
        (found,) = cursor.fetchone()
        assert found > 0, sql
        cursor.execute(sql, (10**12, "connected"))
        assert cursor.fetchone() == (0,), sql
    cursor.execute("SELECT CAST(? AS double precision) + 1", (1,))
    assert cursor.fetchone() == (2.0,)
    print("ok parameters")

    refused("unknown table", lambda: cursor.execute("SELECT * FROM pings"))
    refused("unknown column", lambda: cursor.execute(f"SELECT person FROM {TABLE}"))
    refused("DROP TABLE", lambda: cursor.execute(f"DROP TABLE {TABLE}"))
    refused("as an update", lambda: cursor.executemany("SELECT ?", [(1,), (2,)]))
    refused("ingest", lambda: cursor.adbc_ingest("mine", pyarrow.table({"n": [1]})))
    refused("is no date", lambda: cursor.execute(f"SELECT 1 FROM {TABLE} WHERE month = ?", ("x",)))
    cursor.execute("SELECT 1")
    assert cursor.fetchone() == (1,), "a refusal ends nothing"
    print("ok refusals")
    cursor.close()


def about(connection):
    objects = connection.adbc_get_objects(depth="all").read_all().to_pylist()
    assert [one["catalog_name"] for one in objects] == ["kayoi"], objects
    schemas = {schema["db_schema_name"]: schema for schema in objects[0]["catalog_db_schemas"]}
    assert sorted(schemas) == ["public", "questions"], list(schemas)
    schema = schemas["public"]
    views = {view["table_name"]: view for view in schemas["questions"]["db_schema_tables"]}
    assert views["metro_to_local"]["table_type"] == "VIEW", views["metro_to_local"]
    assert "hidden" in [column["column_name"] for column in views["metro_to_local"]["table_columns"]]
    tables = {table["table_name"]: table for table in schema["db_schema_tables"]}
    assert TABLE in tables and "pings" not in tables, list(tables)
    columns = {column["column_name"]: column for column in tables[TABLE]["table_columns"]}
    assert "persons" in columns and columns["persons"]["xdbc_type_name"] == "bigint", columns
    some = connection.adbc_get_objects(depth="tables", table_name_filter="visitors%").read_all().to_pylist()
    found = [
        table["table_name"]
        for schema in some[0]["catalog_db_schemas"]
        for table in schema["db_schema_tables"] or []
    ]
    assert found and all(name.startswith("visitors") for name in found), found
    print("ok objects", len(tables))

    told = connection.adbc_get_table_schema(TABLE)
    # The driver has explanations of columns here, and leaves them out of the objects.
    assert len(told.field("persons").metadata[b"ARROW:FLIGHT:SQL:REMARKS"]) > 10, told.field("persons").metadata
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {TABLE} LIMIT 0")
        rows = cursor.fetch_arrow_table()
        assert told.names == rows.schema.names and told.types == rows.schema.types, (told, rows.schema)
    info = connection.adbc_get_info()
    assert info["vendor_name"] == "Kayoi" and info["vendor_version"], info
    assert connection.adbc_get_table_types() == ["TABLE", "VIEW"]
    print("ok info", info["vendor_name"])


def settings(connection):
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("Asia/Tokyo",)
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("UTC",), "what is set belongs to the session"
    connection.commit()
    connection.rollback()
    print("ok settings")


def cancelled(connection):
    with connection.cursor() as cursor:
        started = time.monotonic()
        timer = threading.Timer(0.5, cursor.adbc_cancel)
        timer.start()
        try:
            cursor.execute(LONG)
            cursor.fetchall()
        except adbc_driver_manager.Error:
            pass
        else:
            raise AssertionError("nothing was cancelled")
        timer.join()
        assert time.monotonic() - started < 15, "cancelling ends the question"
    print("ok cancelled")


def frames(connection):
    sql = f"SELECT month, persons FROM {TABLE} WHERE persons IS NOT NULL"
    frame = polars.read_database(sql, connection)
    assert frame.schema == {"month": polars.Date, "persons": polars.Int64}, frame.schema
    with connection.cursor() as cursor:
        cursor.execute(sql)
        pandas = cursor.fetch_df()
    assert len(pandas) == frame.height > 0, len(pandas)
    print("ok frames", frame.height)


def main():
    # A driver that finds the server lacking says so in a warning.
    warnings.simplefilter("error")
    uri = sys.argv[1]
    options = {"username": "analyst", "password": "anything"}
    if len(sys.argv) > 2:
        with open(sys.argv[2], encoding="utf-8") as authority:
            options[DatabaseOptions.TLS_ROOT_CERTS.value] = authority.read()
    with flight.connect(uri, db_kwargs=options) as connection:
        questions(connection)
        about(connection)
        settings(connection)
        cancelled(connection)
        frames(connection)
    # Without a user, as long as nobody has to sign in.
    del options["username"], options["password"]
    with flight.connect(uri, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
        refused("a setting lasts as long as a session", lambda: (cursor.execute("SET timezone = 'UTC'"), cursor.fetchall()))
    print("end")


if __name__ == "__main__":
    main()
