"""pyogrio, the engine of GeoPandas: OGC API Features and outlines, read by a newer GDAL than Debian's.

Run by the Python that has `pyogrio`.
"""

import math

import pyogrio
from door import Door, doing, end, same, tell


def read(source, **more):
    """The rows of a layer, as objects without geometry."""
    about, _, shapes, columns = pyogrio.raw.read(source, **more)
    assert all(shape is not None for shape in shapes), "a feature has no geometry"
    return [dict(zip(about["fields"], values, strict=True)) for values in zip(*columns, strict=True)]


def whole(value):
    """GDAL gives numbers of a column with a NULL in it as fractions."""
    return None if math.isnan(value) else int(value)


def main():
    door = Door(__doc__)
    version = ".".join(map(str, pyogrio.__gdal_version__))
    tell(version=f"{pyogrio.__version__}, GDAL {version}")
    source = f"OAPIF:{door.url}/ogc"
    names = [one["id"] for one in door.get("/ogc/collections")["collections"]]
    with doing("every collection is listed"):
        same([[name, kind] for name, kind in pyogrio.list_layers(source)], [[name, "MultiPolygon"] for name in names])
    for name in names:
        with doing(f"every feature of {name}, counted and read"):
            wanted = door.get(f"/ogc/collections/{name}/items?limit=1")["numberMatched"]
            about = pyogrio.read_info(source, layer=name)
            same((about["features"], len(read(source, layer=name))), (wanted, wanted), "the number of features")
            assert "CRS84" in about["crs"], about["crs"]
    with doing("figures are those of SQL, withheld ones missing"):
        found = {row["municipality_code"]: whole(row["persons"]) for row in read(source, layer="connected")}
        wanted = door.rows(
            "SELECT municipality_code, persons FROM connected_monthly WHERE kind = 'connected' AND origin_level = 'all' "
            "AND month = (SELECT max(month) FROM connected_monthly WHERE status = 'published')"
        )
        same({code: found.get(code) for code, _ in wanted}, dict(wanted), "the figures of the newest month")
    town = door.town()
    where = f"WHERE municipality_code = '{town}'"
    [[latitude, longitude]] = door.rows(f"SELECT latitude, longitude FROM municipalities {where}")
    with doing("what is in a window"):
        window = (longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1)
        codes = {row["municipality_code"] for row in read(source, layer="municipalities", bbox=window)}
        items = door.get(f"/ogc/collections/municipalities/items?limit=1000&bbox={','.join(map(str, window))}")["features"]
        assert town in codes and codes <= {one["properties"]["municipality_code"] for one in items}, codes
    with doing("a town's outline by its address"):
        same([row["municipality_code"] for row in read(f"{door.url}/v1/boundaries/{town}")], [town])
    end()


if __name__ == "__main__":
    main()
