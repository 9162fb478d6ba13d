"""Outlines of municipalities as a GeoDataFrame.

In: the HTTP door and perhaps codes. Out: a row for each municipality, in WGS 84. One town comes from `/v1/boundaries`; the
country comes as the GeoJSON of the OGC layer and not as the smaller TopoJSON, because GeoPandas reads GeoJSON and only GDAL
reads the other. Both are of the borders that the figures were placed with, within 15 m of the true ones.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .errors import KayoiError
from .http import Http

if TYPE_CHECKING:
    import geopandas

LAYER = "/ogc/collections/municipalities/items"
# The most that the server gives at once; there are 1,741.
PAGE = 2_000
# Without the credit, which stands on each feature of a single town and once beside the country.
_COLUMNS = ("municipality_code", "municipality", "municipality_romaji", "prefecture")


def outlines(http: Http, code: str | Iterable[str] | None) -> "geopandas.GeoDataFrame":
    """The outlines of a town, of some towns, or of all."""
    try:
        import geopandas
    except ImportError:
        raise KayoiError(
            "outlines are given as a GeoDataFrame, and GeoPandas is not installed",
            hint="`pip install geopandas`; without it, `/v1/boundaries/20214` is plain GeoJSON",
        ) from None
    features, beside = _country(http) if code is None else _towns(http, [code] if isinstance(code, str) else code)
    frame = geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326", columns=[*_COLUMNS, "geometry"])
    frame.attrs.update(beside)
    return frame


def _towns(http: Http, codes: Iterable[str]) -> tuple[list[Any], dict[str, str]]:
    features = [json.loads(http.get(f"/v1/boundaries/{code}")[1]) for code in codes]
    if not features:
        raise KayoiError("no code of a municipality was given", hint="as `outlines('20214')`; without a code it is all")
    return features, _beside(features[0]["properties"])


def _country(http: Http) -> tuple[list[Any], dict[str, str]]:
    features: list[Any] = []
    while True:
        page = http.json(LAYER, {"limit": str(PAGE), "offset": str(len(features))})
        features += page["features"]
        if not page["features"] or len(features) >= page["numberMatched"]:
            return features, _beside(page)


def _beside(told: dict[str, str]) -> dict[str, str]:
    return {name: told[name] for name in ("credit", "boundaries") if name in told}
