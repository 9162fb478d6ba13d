"""Runs a notebook as its reader would, from the first cell to the last.

In: the path of a notebook, and `KAYOI_URL` and `KAYOI_FLIGHT` in the environment. Out: what its cells print, and `end` as the
last line; or exit code 1, with the number of the cell and its error. A notebook of another shape than ours (too long, with
outputs, in one language) is an error too.

Cells of Python share one namespace, and the value of a last line is printed, as a notebook shows it. Those of R run in one
`Rscript`. nbconvert and nbclient would do it through a kernel: forty packages, a process and sockets, for notebooks that use
nothing of a kernel. The price is that magics of IPython are refused.
"""

import argparse
import ast
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback

CELLS = range(8, 13)
# Kana and kanji.
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
# Announces a cell before R runs it, so that the last one announced is the one that failed.
OF_R = 'for (file in commandArgs(TRUE)) {{ message("{mark}", file); source(file, print.eval = TRUE) }}'
MARK = "cell in "


def main():
    parser = argparse.ArgumentParser(description="runs a notebook; prints what its cells print")
    parser.add_argument("notebook", type=pathlib.Path)
    path = parser.parse_args().notebook.resolve()
    notebook = json.loads(path.read_text(encoding="utf-8"))
    wrong = shape(notebook)
    if wrong:
        fail(path, wrong)
    language = notebook["metadata"]["kernelspec"]["language"]
    cells = [(number, text(cell)) for number, cell in enumerate(notebook["cells"], 1) if cell["cell_type"] == "code"]
    # Pictures are drawn without a screen. What a notebook writes is nobody's to keep.
    os.environ.setdefault("MPLBACKEND", "agg")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        {"python": run_python, "R": run_r}[language](path, cells)
        os.chdir("/")
    print("end")


def shape(notebook):
    """What of a notebook is not as ours are, or None."""
    cells = notebook["cells"]
    if notebook["metadata"]["kernelspec"]["language"] not in ("python", "R"):
        return "its language is neither `python` nor `R`\nhint: another one is added in tests/notebooks/run.py"
    if len(cells) not in CELLS:
        return f"it has {len(cells)} cells, not {CELLS.start} to {CELLS.stop - 1}\nhint: a reader has ten minutes"
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"] is not None):
            return f"cell {number} has outputs\nhint: clear all outputs before saving, or figures of a trial stay in the history"
        if cell["cell_type"] == "markdown" and not (JAPANESE.search(text(cell)) and re.search("[A-Za-z]{3}", text(cell))):
            return f"cell {number} is in one language\nhint: write it in Japanese and in English"
    return None if cells[0]["cell_type"] == "markdown" else "it does not begin with what it is\nhint: the first cell is a heading"


def text(cell):
    return "".join(cell["source"])


def run_python(path, cells):
    """Runs cells of Python in one namespace."""
    names = {"__name__": "__main__"}
    for number, source in cells:
        where = f"{path.name}, cell {number}"
        magics = [line for line in source.splitlines() if line.lstrip().startswith(("%", "!"))]
        if magics:
            fail(path, f"cell {number} has a magic: `{magics[0]}`\nhint: write it in plain Python")
        try:
            tree = ast.parse(source, where)
            shown = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, where, "exec"), names)
            show(eval(compile(shown, where, "eval"), names) if shown else None)
        except Exception:
            fail(path, f"cell {number}: {traceback.format_exc()}")


def show(value):
    """Prints a value as text, and makes its page, which a notebook would show."""
    if value is not None:
        print(value)
        getattr(value, "_repr_html_", lambda: None)()


def run_r(path, cells):
    """Runs cells of R in one process."""
    files = []
    for number, source in cells:
        files.append(f"{number}.R")
        pathlib.Path(files[-1]).write_text(source, encoding="utf-8")
    script = OF_R.format(mark=MARK)
    try:
        ended = subprocess.run(["Rscript", "-e", script, *files], capture_output=True, text=True, encoding="utf-8")
    except FileNotFoundError:
        fail(path, "there is no `Rscript`\nhint: scripts/setup test installs r-base-core")
    print(ended.stdout, end="")
    if ended.returncode != 0:
        number = re.findall(rf"{MARK}(\d+)\.R", ended.stderr)[-1:]
        fail(path, f"cell {' '.join(number)}: {ended.stderr}")


def fail(path, why):
    sys.stdout.flush()
    sys.exit(f"{path.name}: {why}")


if __name__ == "__main__":
    main()
