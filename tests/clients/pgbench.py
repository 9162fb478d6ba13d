"""pgbench, with a script of questions: some connections at once, in each of its three ways to send a statement.

Run by any Python; the program comes with Debian's `postgresql`.
"""

import pathlib
import re
import shutil
import subprocess
import tempfile

from door import Door, doing, end, same, tell

CONNECTIONS = 4
EACH = 25
# `\gset` keeps an answer for the next statement, and fails when it has not one row; `\if` ends the run with a division
# when the two answers differ.
SCRIPT = """\\set town random(0, {last})
SELECT municipality_code AS code, population_2020 AS people FROM municipalities ORDER BY 1 LIMIT 1 OFFSET :town \\gset
SELECT population_2020 AS again FROM municipalities WHERE municipality_code = ':code' \\gset
\\if :people <> :again
\\set wrong 1 / 0
\\endif
SELECT month, kind, persons FROM connected_monthly WHERE municipality_code = ':code' ORDER BY 1, 2 LIMIT 20;
"""


def program():
    # Debian keeps it out of the path.
    beside = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    return shutil.which("pgbench") or str(beside[-1])


def main():
    door = Door(__doc__)
    pgbench = program()
    version = subprocess.run([pgbench, "--version"], capture_output=True, text=True, check=True).stdout
    tell(version=re.search(r"([\d.]+)", version)[1])
    last = door.value("SELECT count(*) FROM municipalities") - 1
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder, "questions.sql")
        script.write_text(SCRIPT.format(last=last), encoding="utf-8")
        for way in ("simple", "extended", "prepared"):
            with doing(f"{CONNECTIONS} connections, {EACH} times each, -M {way}"):
                # A quoted variable is a text in a statement that is sent whole, and no parameter in one that is not.
                text = script.read_text(encoding="utf-8")
                script.write_text(text if way == "simple" else text.replace("':code'", ":code"), encoding="utf-8")
                at = ["-h", door.host, "-p", door.port, "-U", "analyst", "kayoi"]
                run = [pgbench, "-n", "-f", str(script), "-M", way, "-c", str(CONNECTIONS), "-j", "2", "-t", str(EACH), *at]
                ended = subprocess.run(run, capture_output=True, text=True, timeout=300)
                assert ended.returncode == 0, ended.stderr
                done = re.search(r"actually processed: (\d+)/(\d+)", ended.stdout)
                same(done.groups(), (str(CONNECTIONS * EACH),) * 2, "the transactions done")
                same(re.search(r"failed transactions: (\d+)", ended.stdout)[1], "0", "the transactions that failed")
    end()


if __name__ == "__main__":
    main()
