"""Opens what `kayoi extract` wrote, as those who get it do: GeoPandas for GeoParquet and GeoJSON, pyarrow for Parquet."""

import hashlib
import json
import pathlib
import sys

import geopandas
import pandas
import pyarrow.parquet

folder = pathlib.Path(sys.argv[1])


def about(form):
    told = json.loads((folder / form / "about.json").read_text())
    for table in told["tables"]:
        data = (folder / form / table["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == table["sha256"], table["file"]
        assert len(data) == table["bytes"]
        assert all(column["ja"] and column["en"] for column in table["columns"]), table["table"]
    return told


def looked_at(frame, rows):
    """What must hold of a map, whatever form it came in."""
    assert len(frame) == rows, (len(frame), rows)
    assert frame.crs is not None and frame.crs.to_epsg() in (None, 4326), frame.crs
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    hidden = frame[frame["municipality_code"] == "20485"]
    assert len(hidden) > 0 and hidden["persons"].isna().all() and (hidden["status"] == "hidden").all()
    town = frame[frame["municipality_code"] == "20202"].iloc[0]
    # Matsumoto: 978 km2, its hall at 36.238 N, 137.972 E.
    area = geopandas.GeoSeries([town.geometry], crs=4326).to_crs("EPSG:6676").area.iloc[0] / 1e6
    assert 930 < area < 1030, area
    assert town.geometry.contains(geopandas.points_from_xy([137.972], [36.238])[0])


told = about("geoparquet")
(table,) = told["tables"]
assert told["revision"] == 2 and table["table"] == "connected_monthly" and table["rows"] > 0
looked_at(geopandas.read_parquet(folder / "geoparquet" / table["file"]), table["rows"])
(table,) = about("geojson")["tables"]
looked_at(geopandas.read_file(folder / "geojson" / table["file"]), table["rows"])

(table,) = about("parquet")["tables"]
file = pyarrow.parquet.ParquetFile(folder / "parquet" / table["file"])
assert file.metadata.num_rows == table["rows"]
metadata = file.schema_arrow.metadata or {}
assert any(key.startswith(b"kayoi.terms") for key in {**metadata, **(file.metadata.metadata or {})})

# One month of the release before.
(table,) = about("month")["tables"]
month = pandas.read_csv(folder / "month" / table["file"], dtype={"municipality_code": str})
assert set(month["month_text"]) == {"2026-03"} and set(month["revision"]) == {1}, month
assert len(month) == table["rows"]
print("all is as it should be")
