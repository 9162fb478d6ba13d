"""Points in the orders that `make bench-place` asks for, each as Parquet and as pairs of doubles.

In: a simulated feed, and the random points that were drawn. Out: `random` and `arrival` (the feed in the order
in which it arrives: by time, people all over the country mixed), and the first of them for slow peers.
"""

import argparse
import pathlib

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as dataset
import pyarrow.parquet as parquet

FEW = 100_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feed", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    options = parser.parse_args()
    feed = dataset.dataset(options.feed, format="parquet").to_table(columns=["timestamp", "latitude", "longitude"])
    # A feed has records that ingest rejects before it places any.
    valid = (pc.field("latitude") >= 20) & (pc.field("latitude") <= 46)
    valid &= (pc.field("longitude") >= 122) & (pc.field("longitude") <= 154)
    arrival = feed.filter(valid).sort_by("timestamp").slice(0, options.count)
    pairs = pa.py_buffer((options.work / "random.bin").read_bytes())
    numbers = pa.Array.from_buffers(pa.float64(), len(pairs) // 8, [None, pairs])
    positions = pa.array(range(0, len(numbers), 2))
    random = pa.table({
        "latitude": numbers.take(positions),
        "longitude": numbers.take(pc.add(positions, 1)),
    })
    for order, table in [("random", random), ("arrival", arrival.select(["latitude", "longitude"]))]:
        parquet.write_table(table, options.work / f"{order}.parquet")
        flat = [table[name].to_numpy() for name in ["latitude", "longitude"]]
        pair_bytes = interleaved(*flat)
        (options.work / f"{order}.bin").write_bytes(pair_bytes)
        (options.work / f"{order}-few.bin").write_bytes(pair_bytes[: FEW * 16])


def interleaved(latitudes, longitudes):
    import numpy

    return numpy.column_stack([latitudes, longitudes]).astype("<f8").tobytes()


if __name__ == "__main__":
    main()
