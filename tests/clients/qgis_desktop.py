"""QGIS without a screen: its own providers of OGC API Features, GeoJSON and PostgreSQL, as Add Layer uses them.

Run by Debian's Python, which has `python3-qgis`; `qgis-providers` has the providers. A layer that QGIS refuses is said with
what its log said, because the layer itself knows no reason.
"""

import os

from door import Door, doing, end, same, tell

# Before Qt is loaded: it ends the process when there is no screen.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    NULL,
    Qgis,
    QgsApplication,
    QgsDataSourceUri,
    QgsFeatureRequest,
    QgsProviderRegistry,
    QgsRectangle,
    QgsVectorLayer,
)

LOGGED = []


def layer(source, provider):
    LOGGED.clear()
    found = QgsVectorLayer(source, "layer", provider)
    if not found.isValid():
        raise AssertionError(f"QGIS refuses the layer: {' · '.join(LOGGED)}")
    return found


def table(door, name, key, schema="public"):
    source = QgsDataSourceUri()
    source.setConnection(door.host, door.port, "kayoi", "analyst", "")
    source.setDataSource(schema, name, None, "", key)
    return layer(source.uri(False), "postgres")


def plain(value):
    return None if value == NULL else value


def look(door):
    town = door.town()
    for collection in door.get("/ogc/collections")["collections"]:
        name = collection["id"]
        with doing(f"OGC API Features: layer {name}, counted and read"):
            found = layer(f"url='{door.url}/ogc' typename='{name}'", "OAPIF")
            wanted = door.get(f"/ogc/collections/{name}/items?limit=1")["numberMatched"]
            same(found.crs().authid(), "EPSG:4326", "the reference system")
            same((found.featureCount(), sum(1 for _ in found.getFeatures())), (wanted, wanted), "the number of features")

    with doing("OGC API Features: figures are those of SQL, withheld ones NULL"):
        found = layer(f"url='{door.url}/ogc' typename='connected'", "OAPIF")
        figures = {feature["municipality_code"]: plain(feature["persons"]) for feature in found.getFeatures()}
        wanted = door.rows(
            "SELECT municipality_code, persons FROM connected_monthly WHERE kind = 'connected' AND origin_level = 'all' "
            "AND month = (SELECT max(month) FROM connected_monthly WHERE status = 'published')"
        )
        same({code: figures.get(code) for code, _ in wanted}, dict(wanted), "the figures of the newest month")

    with doing("OGC API Features: only what is in the window"):
        found = layer(f"url='{door.url}/ogc' typename='municipalities' restrictToRequestBBOX='1'", "OAPIF")
        where = f"WHERE municipality_code = '{town}'"
        [[latitude, longitude]] = door.rows(f"SELECT latitude, longitude FROM municipalities {where}")
        window = QgsFeatureRequest().setFilterRect(rectangle(longitude, latitude))
        codes = {feature["municipality_code"] for feature in found.getFeatures(window)}
        assert town in codes and len(codes) < 200, (town, len(codes))

    with doing("GeoJSON: a town's outline by its address"):
        found = layer(f"{door.url}/v1/boundaries/{town}", "ogr")
        same([feature["municipality_code"] for feature in found.getFeatures()], [town], "the outline")

    with doing("GeoJSON: a collection by its address"):
        address = "/ogc/collections/municipalities/items?limit=10000"
        found = layer(f"{door.url}{address}", "ogr")
        same(found.featureCount(), door.get(address)["numberReturned"], "the number of features")

    with doing("TopoJSON: the country by its address"):
        found = layer(f"{door.url}/v1/boundaries", "ogr")
        objects = door.get("/v1/boundaries")["objects"]
        same(found.featureCount(), sum(len(one["geometries"]) for one in objects.values()), "the number of outlines")

    with doing("PostgreSQL: the browser lists every table with its explanation"):
        source = QgsDataSourceUri()
        source.setConnection(door.host, door.port, "kayoi", "analyst", "")
        connection = QgsProviderRegistry.instance().providerMetadata("postgres").createConnection(source.uri(False), {})
        same(sorted(connection.schemas()), ["public", "questions"], "the schemas")
        tables = {one.tableName(): one.comment() for one in connection.tables("public")}
        same(sorted(tables), door.tables(), "the list of tables")
        same([name for name, comment in tables.items() if " / " not in comment], [], "tables without an explanation")

    with doing("PostgreSQL: a question in the browser"):
        sql = "SELECT count(*), max(municipality_code), min(population_2020) FROM municipalities"
        same(connection.executeSql(sql), door.rows(sql))

    with doing("PostgreSQL: a question as a layer"):
        found = table(door, "(SELECT * FROM municipalities)", "municipality_code", "")
        names = [field.name() for field in found.fields()]
        rows = [[plain(value) for value in feature.attributes()] for feature in found.getFeatures()]
        same(names, [name for name, _ in door.columns("municipalities")], "the columns")
        same(sorted(rows), door.rows("SELECT * FROM municipalities ORDER BY 1"), "the rows")

    with doing("PostgreSQL: a question as a layer, with the number that DB Manager gives each row"):
        sql = f"SELECT month, kind, persons FROM connected_monthly WHERE municipality_code = '{town}'"
        found = table(door, f"(SELECT row_number() OVER () AS _uid_, * FROM ({sql}) AS q)", "_uid_", "")
        same(found.fields()[0].typeName(), "int8", "the type of row_number()")
        rows = [[f["month"].toPyDate().isoformat(), f["kind"], plain(f["persons"])] for f in found.getFeatures()]
        same(sorted(rows, key=str), sorted(door.rows(sql), key=str), "the rows")

    with doing("PostgreSQL: a table without a geometry as a layer"):
        found = table(door, "municipalities", "municipality_code")
        same(sum(1 for _ in found.getFeatures()), door.value("SELECT count(*) FROM municipalities"), "the number of rows")


def rectangle(longitude, latitude, degrees=0.2):
    return QgsRectangle(longitude - degrees, latitude - degrees, longitude + degrees, latitude + degrees)


def main():
    door = Door(__doc__)
    application = QgsApplication([], False)
    application.initQgis()
    application.messageLog().messageReceived.connect(lambda message, _tag, _level: LOGGED.append(" ".join(message.split())))
    tell(version=Qgis.version().split("-")[0])
    look(door)
    end()
    application.exitQgis()


if __name__ == "__main__":
    main()
