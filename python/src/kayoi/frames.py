"""Rows as DataFrames.

In: a table of Arrow, a file of Parquet, or rows of JSON with the SQL types of their columns. Out: a DataFrame in which
any column may have gaps. pandas would make a column of whole numbers with gaps one of floats, and print 120.0 people; its
nullable types keep 120, and a figure that is withheld is `pandas.NA` whichever way it came. Rows of JSON go through Arrow as
well, so that both ways end in the same types.
"""

import datetime
import decimal
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas
import pyarrow
import pyarrow.parquet

_NULLABLE: dict[pyarrow.DataType, Any] = {
    pyarrow.int16(): pandas.Int16Dtype(),
    pyarrow.int32(): pandas.Int32Dtype(),
    pyarrow.int64(): pandas.Int64Dtype(),
    pyarrow.float32(): pandas.Float32Dtype(),
    pyarrow.float64(): pandas.Float64Dtype(),
    pyarrow.bool_(): pandas.BooleanDtype(),
    pyarrow.string(): pandas.StringDtype(),
    pyarrow.large_string(): pandas.StringDtype(),
    pyarrow.string_view(): pandas.StringDtype(),
}


def _same(value: Any) -> Any:
    return value


# How the server names the types of a column, and how JSON writes their values. What is not here stays a text.
_OF_JSON: dict[str, tuple[pyarrow.DataType, Callable[[Any], Any]]] = {
    "text": (pyarrow.string(), _same),
    "smallint": (pyarrow.int16(), _same),
    "integer": (pyarrow.int32(), _same),
    "bigint": (pyarrow.int64(), _same),
    "real": (pyarrow.float32(), _same),
    "double": (pyarrow.float64(), _same),
    "boolean": (pyarrow.bool_(), _same),
    "date": (pyarrow.date32(), datetime.date.fromisoformat),
    "numeric": (pyarrow.float64(), lambda value: float(decimal.Decimal(value))),
}


def of_arrow(table: pyarrow.Table, beside: Mapping[str, Any]) -> pandas.DataFrame:
    """A frame of a table of Arrow, with what stands beside it in `attrs`."""
    # Months are dates, which pandas draws and compares only as its own kind of time.
    frame = table.to_pandas(types_mapper=_NULLABLE.get, date_as_object=False, ignore_metadata=True)
    frame.attrs.update(_told(table.schema.metadata) | dict(beside))
    return frame


def of_parquet(file: bytes, beside: Mapping[str, Any]) -> pandas.DataFrame:
    """A frame of a file of Parquet."""
    opened = pyarrow.parquet.ParquetFile(io.BytesIO(file))
    # Credit and terms stand in the file's own metadata, where every reader of Parquet finds them.
    return of_arrow(opened.read(), _told(opened.metadata.metadata) | dict(beside))


def of_json(columns: Sequence[Mapping[str, str]], rows: Sequence[Mapping[str, Any]]) -> pandas.DataFrame:
    """A frame of rows of JSON."""
    names = [column["name"] for column in columns]
    arrays = []
    for column in columns:
        kind, read = _OF_JSON.get(column["type"], (pyarrow.string(), str))
        values = [row[column["name"]] for row in rows]
        arrays.append(pyarrow.array([None if value is None else read(value) for value in values], type=kind))
    return of_arrow(pyarrow.Table.from_arrays(arrays, names=names), {})


def _told(metadata: Mapping[bytes, bytes] | None) -> dict[str, str]:
    """Credit, borders and terms, which a file of the server carries."""
    mine = {name.decode(): text.decode() for name, text in (metadata or {}).items() if name.startswith(b"kayoi.")}
    return {name.removeprefix("kayoi.").replace(".", "_"): text for name, text in mine.items()}
