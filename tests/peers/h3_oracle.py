"""The C library's H3 cells, as the oracle for Kayoi's.

In: lines `latitude longitude` in degrees on standard input. Out: for each, in order, the cell at resolution 9 as
lowercase hexadecimal. The `h3` package wraps Uber's C library, which shares no line of code with Kayoi's cells.
The integer interface spares the string conversion inside the package. The answers start before the questions end: a
caller writes and reads at the same time, or both pipes fill up and wait for each other.
"""

import sys

from h3.api.basic_int import latlng_to_cell

RESOLUTION = 9
# Lines are read in blocks of this size, so that ten million points need no list of ten million lines.
BLOCK_BYTES = 1 << 20


def main() -> None:
    read, write = sys.stdin.buffer, sys.stdout.write
    while lines := read.readlines(BLOCK_BYTES):
        write("".join(f"{latlng_to_cell(*map(float, line.split()), RESOLUTION):x}\n" for line in lines))


if __name__ == "__main__":
    main()
