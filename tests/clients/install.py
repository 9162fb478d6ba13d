"""What the clients need, made once. In: names of clients. Out: nothing; environments and programs below `~/.cache/kayoi`.

Python packages come with what they stand on at the versions of `requirements`, those of Node and Go as their lock files say.
Debian's packages are installed as root. Standard library only, because it runs before there is an environment.
"""

import argparse
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path.home() / ".cache/kayoi"
REQUIREMENTS = HERE / "requirements"
# Debian's Python, because QGIS is a package of it.
DEBIAN_PYTHON = "/usr/bin/python3"


class Missing(Exception):
    """Why a client cannot be had here."""


def stamped(folder, sources, make):
    """Makes a folder anew when it is not made of these files; two processes do not make one at a time."""
    stamp = folder / "made-of.txt"
    made_of = "".join(f"{source.name} {hashlib.sha256(source.read_bytes()).hexdigest()}\n" for source in sources)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="utf-8") == made_of:
            return
        print(f"clients: making {folder.name}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make()
        # Written last: without it the next run starts over.
        stamp.write_text(made_of, encoding="utf-8")


def run(command, **more):
    ended = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    if ended.returncode != 0:
        raise Missing(f"{' '.join(map(str, command[:4]))} …: {(ended.stderr or ended.stdout).strip()[-1500:]}")


def python(name):
    """The Python of an environment of its own."""
    folder = CACHE / f"venv-client-{name}"
    wanted = REQUIREMENTS / f"{name}.txt"

    def make():
        venv.create(folder, with_pip=True)
        pip = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        run([*pip, "-r", wanted])

    stamped(folder, [wanted], make)
    return str(folder / "bin/python")


def debian(*packages):
    """Asks for what is used, and so takes what the machine has from elsewhere."""
    absent = [package for package, there in packages if not there()]
    if not absent:
        return
    if not shutil.which("apt-get"):
        raise Missing(f"{', '.join(absent)} (Debian's names) and no apt-get")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    print(f"clients: installing {' '.join(absent)}", file=sys.stderr)
    run([*sudo, "apt-get", "update", "-qq"])
    install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    run([*sudo, *install, *absent])


def has(program):
    return lambda: shutil.which(program) is not None


def installed(package):
    return lambda: subprocess.run(["dpkg-query", "-W", package], capture_output=True).returncode == 0


def imports(module):
    return lambda: subprocess.run([DEBIAN_PYTHON, "-c", f"import {module}"], capture_output=True).returncode == 0


def gdal():
    debian(("gdal-bin", has("ogr2ogr")))
    return [sys.executable, HERE / "gdal_ogr.py"]


def qgis():
    debian(("python3-qgis", imports("qgis.core")), ("qgis-providers", installed("qgis-providers")))
    return [DEBIAN_PYTHON, HERE / "qgis_desktop.py"]


def pyogrio():
    return [python("pyogrio"), HERE / "pyogrio_layers.py"]


def pgadmin():
    return [python("pgadmin"), HERE / "pgadmin.py"]


def superset():
    return [python("superset"), HERE / "superset_web.py"]


def node():
    folder = CACHE / "client-node"
    sources = [HERE / "node/package.json", HERE / "node/package-lock.json"]
    if not shutil.which("npm"):
        raise Missing("npm is not installed")

    def make():
        for source in sources:
            shutil.copy(source, folder)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)

    stamped(folder, sources, make)
    # Node looks for packages beside the file.
    shutil.copy(HERE / "node/main.mjs", folder)
    return ["node", folder / "main.mjs"]


def go():
    folder = CACHE / "client-go"
    if not shutil.which("go"):
        raise Missing("go is not installed")
    sources = [HERE / "go" / name for name in ("go.mod", "go.sum", "main.go")]
    stamped(folder, sources, lambda: run(["go", "build", "-o", folder / "pgx", "."], cwd=HERE / "go"))
    return [folder / "pgx"]


def odbc():
    debian(("odbc-postgresql", installed("odbc-postgresql")), ("unixodbc", installed("unixodbc")))
    return [python("odbc"), HERE / "odbc.py"]


def pgbench():
    debian(("postgresql", lambda: shutil.which("pgbench") or list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))))
    return [sys.executable, HERE / "pgbench.py"]


def duckdb():
    return [python("duckdb"), HERE / "duckdb_postgres.py"]


def sent():
    debian(("postgresql-client", has("psql")))
    return [sys.executable, HERE / "sent.py"]


# In the order of their worth. Each makes what it needs and gives the command that runs it, without addresses.
CLIENTS = {
    "QGIS": qgis,
    "GDAL": gdal,
    "pyogrio": pyogrio,
    "pgAdmin": pgadmin,
    "Superset": superset,
    "node": node,
    "pgx": go,
    "psqlodbc": odbc,
    "pgbench": pgbench,
    "DuckDB": duckdb,
    "sent": sent,
}


def main():
    parser = argparse.ArgumentParser(description="what the clients need, made once")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(CLIENTS)}; all without it")
    options = parser.parse_args()
    if wrong := set(options.names) - set(CLIENTS):
        parser.error(f"no client is called {', '.join(sorted(wrong))}; there are {', '.join(CLIENTS)}")
    missing = 0
    for name in options.names or CLIENTS:
        try:
            CLIENTS[name]()
        except Missing as reason:
            missing += 1
            print(f"clients: {name} cannot be had: {reason}", file=sys.stderr)
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
