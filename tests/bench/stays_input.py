"""Input of `make bench-stays`: placed pings as one sorted Parquet file, and real trajectories as CSV.

In: the lake's table of pings, or one of the two real sets. Out: a Parquet file in the order (device_id, timestamp)
with the lake's compression, encodings and row groups; or a CSV `device,timestamp_iso,latitude,longitude` in the same
order, one fix for each instant of a device.
"""

import argparse
import json
import pathlib

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.dataset as dataset
import pyarrow.parquet as parquet

COLUMNS = ["device_id", "timestamp", "latitude_e7", "longitude_e7", "accuracy_m", "cell", "municipality_code"]
# As lake/src/file.rs writes: columns that are not named keep a dictionary.
PLAIN = ["device_id", "cell"]
SPLIT = ["timestamp", "latitude_e7", "longitude_e7"]
DICTIONARY = ["accuracy_m", "municipality_code"]
ROW_GROUP_ROWS = 131_072


def lake(options):
    """All files of the folder: a lake that was only ingested into holds none that its log has removed."""
    pings = dataset.dataset(str(options.source), format="parquet", ignore_prefixes=["_"])
    table = pings.to_table(columns=COLUMNS)
    # Of copies the one with the best accuracy counts, as for the lake's compaction. Left in, two fixes of one
    # instant in two cells would give each engine an order of its own.
    table = table.sort_by([(name, "ascending") for name in ["device_id", "timestamp", "accuracy_m", "cell"]])
    table = table.filter(first_of_each(table["device_id"], table["timestamp"])).slice(0, options.count)
    encodings = {name: "PLAIN" for name in PLAIN} | {name: "BYTE_STREAM_SPLIT" for name in SPLIT}
    parquet.write_table(table, options.out, compression="zstd", compression_level=3, use_dictionary=DICTIONARY,
                        column_encoding=encodings, row_group_size=options.row_group_rows,
                        sorting_columns=[parquet.SortingColumn(0), parquet.SortingColumn(1)])
    return {"pings": len(table), "devices": len(pc.unique(table["device_id"])),
            "megabytes": options.out.stat().st_size / 1e6}


def geolife(options):
    """Times carry no zone; they are UTC."""
    fixes = csv.read_csv(options.source, convert_options=csv.ConvertOptions(column_types={"uid": pa.string()}))
    return write_fixes(options, fixes["uid"], fixes["datetime"], fixes["lat"], fixes["lng"])


def tokyo(options):
    fixes = parquet.read_table(options.source)
    return write_fixes(options, fixes["user_id"], fixes["ts"].cast(pa.timestamp("s")), fixes["lat"], fixes["lon"])


def write_fixes(options, users, instants, latitudes, longitudes):
    fixes = pa.table({
        "device": users.cast(pa.string()),
        "timestamp_iso": pc.strftime(instants.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ"),
        "latitude": latitudes,
        "longitude": longitudes,
    })
    # A peer takes two fixes of one instant as they come, another drops one: each gets one.
    fixes = fixes.sort_by([("device", "ascending"), ("timestamp_iso", "ascending")])
    fixes = fixes.filter(first_of_each(fixes["device"], fixes["timestamp_iso"]))
    with options.out.open("wb") as file:
        file.write(",".join(fixes.column_names).encode() + b"\n")
        csv.write_csv(fixes, file, csv.WriteOptions(include_header=False, quoting_style="none"))
    return {"pings": len(fixes), "devices": len(pc.unique(fixes["device"]))}


def first_of_each(devices, instants):
    """Whether a row's device or instant differs from the row before; rows are in order."""
    return pc.or_(differs(devices), differs(instants))


def differs(column):
    column = column.combine_chunks()
    return pa.concat_arrays([pa.array([True]), pc.not_equal(column[1:], column[:-1])])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["lake", "geolife", "tokyo"])
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, help="the first pings only")
    parser.add_argument("--row-group-rows", type=int, default=ROW_GROUP_ROWS)
    options = parser.parse_args()
    found = {"lake": lake, "geolife": geolife, "tokyo": tokyo}[options.kind](options)
    print(json.dumps({"input": options.kind} | found), flush=True)


if __name__ == "__main__":
    main()
