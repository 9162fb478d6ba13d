"""Everything that notebooks and BI tools ask SQLAlchemy about a database. In: a port. Out: a line for each driver."""

import sys

import pandas
import sqlalchemy as sa

for driver in ("psycopg", "psycopg2"):
    engine = sa.create_engine(f"postgresql+{driver}://reader@127.0.0.1:{sys.argv[1]}/kayoi")
    inspector = sa.inspect(engine)
    tables = inspector.get_table_names()
    columns = [column["name"] for column in inspector.get_columns("connected_monthly")]
    key = ["month", "municipality_code", "kind", "origin_level", "origin_code"]
    assert inspector.get_pk_constraint("connected_monthly")["constrained_columns"] == key
    assert inspector.get_foreign_keys("connected_monthly") == []
    assert inspector.get_indexes("connected_monthly") == []
    assert inspector.get_unique_constraints("connected_monthly") == []
    assert inspector.get_check_constraints("connected_monthly") == []
    assert "public" in inspector.get_schema_names() and inspector.get_view_names() == []
    assert "hidden" in [column["name"] for column in inspector.get_columns("metro_to_local", schema="questions")]
    assert "telework" in inspector.get_view_names(schema="questions")
    assert inspector.get_table_comment("telework", schema="questions")["text"]
    assert "sum(persons)" in inspector.get_view_definition("distance_bands", schema="questions")
    assert inspector.has_table("connected_monthly") and not inspector.has_table("pings")
    reflected = sa.MetaData()
    reflected.reflect(engine)
    assert sorted(reflected.tables) == sorted(tables), reflected.tables
    asked = sa.text("SELECT month, persons FROM connected_monthly WHERE kind = :kind LIMIT 2")
    rows = pandas.read_sql(asked, engine, params={"kind": "connected"})
    whole = pandas.read_sql_table("connected_totals_monthly", engine)
    print(driver, len(tables), len(columns), len(rows), len(whole) > 0)
