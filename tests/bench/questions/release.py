"""The files of a release's tables.

In: the folder of a lake. Out: for each table its Parquet files and the columns that its rows are sorted by, as the newest
manifest and the files say. Files that the manifest does not name are of other releases.
"""

import dataclasses
import json
import pathlib

import pyarrow.parquet


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of a release."""

    name: str
    files: tuple
    sorted_by: tuple
    rows: int

    def schema(self):
        return pyarrow.parquet.read_schema(self.files[0])


def manifest(lake):
    newest = max((lake / "release/manifests").glob("*.json"), default=None, key=lambda path: int(path.stem))
    if newest is None:
        raise SystemExit(f"`{lake}` has no release: no manifest is in release/manifests")
    return json.loads(newest.read_text(encoding="utf-8"))


def tables(lake):
    """Tables that have files, by name, and the number of the release."""
    lake = pathlib.Path(lake).resolve()
    told = manifest(lake)
    found = {}
    for name, table in told["tables"].items():
        files = tuple(str(lake / file["path"]) for file in table["files"])
        if files:
            found[name] = Table(name, files, sorted_by(files[0]), sum(rows(file) for file in files))
    return found, told["revision"]


def rows(file):
    return pyarrow.parquet.read_metadata(file).num_rows


def sorted_by(file):
    told = pyarrow.parquet.read_metadata(file)
    names = pyarrow.parquet.read_schema(file).names
    if told.num_row_groups == 0:
        return ()
    return tuple(names[column.column_index] for column in told.row_group(0).sorting_columns)
