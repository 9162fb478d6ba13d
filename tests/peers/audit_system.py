"""Cells and their relations, for tau-argus.

In: cells with bounds, and sums over cells. Out: for each cell the interval that all relations together leave it, computed by
the audit of tau-argus (two linear programs a cell, by HiGHS, in a port of `intervalle`). The file between is in its JJ format.
A cell of status `s` is known exactly; one of status `m` lies between its bounds.
"""

import pathlib
import tempfile

from pytauargus._tauargus import audit_jj

# More devices than there are.
MANY = 10_000_000


class Infeasible(Exception):
    """No counts fit: what the reader takes for sure is wrong."""


class System:
    def __init__(self):
        self.cells, self.lines, self.sums = {}, [], []

    def cell(self, name, truth, bounds=(0, MANY)):
        """A cell of which somebody knows bounds; the audit's answer does not depend on `truth`, it is printed beside it."""
        low, high = max(0, int(bounds[0])), min(MANY, int(bounds[1]))
        if low > high:
            raise Infeasible(name)
        status, value = ("s", low) if low == high else ("m", truth)
        self.cells[name] = len(self.lines)
        self.lines.append(f"{len(self.lines)} {value} 1 {status} {low} {high} 0 0 0")

    def is_zero(self, terms):
        """A sum of cells, each with its factor, that is 0."""
        named = " ".join(f"{self.cells[name]} ({factor})" for name, factor in terms)
        self.sums.append(f"0 {len(terms)} : {named}")

    def parts(self, whole, parts):
        self.is_zero([(whole, -1), *((part, 1) for part in parts)])

    def at_most(self, parts, wholes, slack, truth=0, bounds=(0, MANY)):
        """The sum of parts is no more than that of wholes; the difference is a cell itself."""
        self.cell(slack, truth, bounds)
        self.is_zero([(slack, 1), *((part, 1) for part in parts), *((whole, -1) for whole in wholes)])

    def audit(self):
        """The least and most of each cell that is not known. Raises `Infeasible`."""
        text = f"0\n{len(self.lines)}\n" + "\n".join(self.lines) + f"\n{len(self.sums)}\n" + "\n".join(self.sums) + "\n"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "audit.jj"
            path.write_text(text, encoding="ascii")
            try:
                found = audit_jj(str(path))
            except RuntimeError as error:
                raise Infeasible(str(error)) from error
        by_number = {row["cell"]: (round(row["min"]), round(row["max"])) for row in found}
        return {name: by_number[number] for name, number in self.cells.items() if number in by_number}
