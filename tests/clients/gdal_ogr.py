"""GDAL: `ogrinfo` and `ogr2ogr` over the Postgres wire, over OGC API Features and of a town's outline.

Run by any Python; the programs are Debian's `gdal-bin`.
"""

import csv
import io
import json
import re
import subprocess

from door import Door, doing, end, same, tell

LONGEST_S = 120


def ran(*command):
    ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S)
    # GDAL says ERROR and ends with 0 where it could go on without what it asked for.
    if ended.returncode != 0 or "ERROR" in ended.stderr:
        raise AssertionError(f"{command[0]} ended with {ended.returncode}: {ended.stderr.strip()}")
    return ended.stdout


def written(source, *more):
    return list(csv.DictReader(io.StringIO(ran("ogr2ogr", "-f", "CSV", "/vsistdout/", source, *more))))


def main():
    door = Door(__doc__)
    tell(version=re.search(r"GDAL ([\d.]+)", ran("ogrinfo", "--version"))[1])
    wire = f"PG:host={door.host} port={door.port} dbname=kayoi user=analyst"
    ogc = f"OAPIF:{door.url}/ogc"
    town = door.town()

    with doing("ogrinfo PG: lists every table, none with a geometry"):
        told = ran("ogrinfo", "-ro", wire)
        same(sorted(re.findall(r"^\d+: (\w+) \(None\)$", told, re.MULTILINE)), door.tables(), "the list of tables")
        assert re.search(r"^\d+: questions\.telework \(None\)$", told, re.MULTILINE), "the views"

    with doing("ogr2ogr PG: copies a table, letters and numbers too"):
        names = "municipality_code, municipality, population_2020"
        of = f"SELECT {names} FROM municipalities ORDER BY 1"
        copied = sorted(
            (row["municipality_code"], row["municipality"], int(row["population_2020"]))
            for row in written(wire, "municipalities")
        )
        same(copied, [tuple(row) for row in door.rows(of)], "the copy of `municipalities`")

    with doing("ogr2ogr PG: filters, and leaves a withheld figure empty"):
        where = f"municipality_code = '{town}' AND kind = 'connected'"
        copied = sorted(
            (row["month_text"], row["origin_code"], row["persons"]) for row in written(wire, "connected_monthly", "-where", where)
        )
        wanted = door.rows(f"SELECT month_text, origin_code, persons FROM connected_monthly WHERE {where}")
        same(copied, sorted((m, o, "" if n is None else str(n)) for m, o, n in wanted), "the figures of a town")

    with doing("ogr2ogr PG: a question of its user's, which joins"):
        sql = f"""SELECT c.month, coalesce(sum(c.persons), -1) AS persons, max(m.population_2020) AS residents
            FROM connected_monthly c JOIN municipalities m ON c.municipality_code = m.municipality_code
            WHERE c.municipality_code = '{town}' AND c.kind = 'connected' GROUP BY c.month ORDER BY c.month"""
        copied = [(row["month"].replace("/", "-"), row["persons"], row["residents"]) for row in written(wire, "-sql", sql)]
        same(copied, [(month, str(persons), str(people)) for month, persons, people in door.rows(sql)])

    collections = {one["id"]: one for one in door.get("/ogc/collections")["collections"]}
    with doing("ogrinfo OAPIF: lists every collection"):
        listed = re.findall(r"^\d+: ([\w-]+) \(.*\(Multi Polygon\)$", ran("ogrinfo", "-ro", ogc), re.MULTILINE)
        same(sorted(listed), sorted(collections), "the list of collections")

    # GDAL asks for ten features a page, and so some hundred times; figures are looked up in what is read here.
    read = {}
    for name in sorted(collections):
        with doing(f"ogr2ogr OAPIF: every page of {name}, with outlines"):
            read[name] = features = json.loads(ran("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", ogc, name))["features"]
            same(len(features), door.get(f"/ogc/collections/{name}/items?limit=1")["numberMatched"], "the number of features")
            same({feature["geometry"]["type"] for feature in features}, {"MultiPolygon"}, "the kinds of geometry")

    with doing("ogr2ogr OAPIF: the same figures as SQL, withheld ones null"):
        found = {one["properties"]["municipality_code"]: one["properties"]["persons"] for one in read["connected"]}
        wanted = door.rows(
            "SELECT municipality_code, persons FROM connected_monthly WHERE kind = 'connected' AND origin_level = 'all' "
            "AND month = (SELECT max(month) FROM connected_monthly WHERE status = 'published')"
        )
        same({code: found.get(code) for code, _ in wanted}, dict(wanted), "the figures of the newest month")

    with doing("ogrinfo opens a town's outline"):
        outline = ran("ogrinfo", "-ro", "-al", "-so", f"{door.url}/v1/boundaries/{town}")
        west, south, east, north = map(float, re.search(r"Extent: \((.*), (.*)\) - \((.*), (.*)\)", outline).groups())
        [[latitude, longitude]] = door.rows(f"SELECT latitude, longitude FROM municipalities WHERE municipality_code = '{town}'")
        assert west < longitude < east and south < latitude < north, (west, south, east, north, latitude, longitude)
    end()


if __name__ == "__main__":
    main()
