"""A PostgreSQL with tables of a release.

In: tables, where its programs are. Out: a server on a free port, filled by COPY, with two indexes for each table (the
order of the release; places before months) and one for the newest month of a status. Its state is a folder, which is
removed at the end unless it was named: then the next run finds the tables in it. PostgreSQL refuses to run as root, so
that root runs it as `nobody`.
"""

import contextlib
import io
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import asyncpg
import pyarrow
import pyarrow.csv
import pyarrow.parquet
from wire import Wire

USER = "analyst"
START_S = 60
BATCH = 50_000
PLACES = ("municipality_code", "area_code", "prefecture_code")
# A machine of its own would be given so much: a quarter of the memory. Compiling a short question takes longer than it.
SETTINGS = ("shared_buffers={buffers}MB", "effective_cache_size={cache}MB", "work_mem=32MB", "maintenance_work_mem=512MB",
            "jit=off", "max_connections=300", "autovacuum=off", "fsync=off", "wal_level=minimal", "max_wal_senders=0",
            "timezone=Asia/Tokyo", "listen_addresses=127.0.0.1")
TYPES = {"string": "text", "large_string": "text", "int64": "bigint", "int32": "integer", "int16": "smallint",
         "double": "double precision", "float": "real", "date32[day]": "date", "bool": "boolean"}


class PostgreSql:
    """A server that this process started."""

    name = "postgresql"

    def __init__(self, programs, state=None):
        self.programs = pathlib.Path(programs)
        self.kept = state is not None
        self.folder = pathlib.Path(state).resolve() if state else pathlib.Path(tempfile.mkdtemp(prefix="kayoi-postgresql-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        # `nobody` makes its files in it.
        self.folder.chmod(0o777)
        self.data = self.folder / "state"
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024**2
        self.settings = [setting.format(buffers=memory // 4, cache=memory * 3 // 4) for setting in SETTINGS]

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            command = [*self.program("initdb"), f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--no-locale"]
            command += ["--no-sync", "-D", str(self.data)]
            made = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
            if made.returncode:
                raise SystemExit(f"initdb: {made.stderr}")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        words = [word for setting in self.settings for word in ("-c", setting)]
        command = [*self.program("postgres"), "-p", str(self.port), "-D", str(self.data), "-k", str(self.folder), *words]
        with (self.folder / "log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                                            start_new_session=True)
        version = subprocess.run([*self.program("postgres"), "--version"], capture_output=True, text=True, cwd="/", check=True)
        self.about = f"{version.stdout.strip()}; postgres -c {' -c '.join(self.settings)}"

    def program(self, name):
        found = str(self.programs / name)
        return ["runuser", "-u", "nobody", "--", found] if os.getuid() == 0 else [found]

    def address(self):
        return {"host": "127.0.0.1", "port": self.port, "user": USER, "database": "postgres"}

    async def wait(self):
        end = time.monotonic() + START_S
        while True:
            try:
                return await asyncpg.connect(**self.address())
            except (OSError, asyncpg.PostgresError):
                if time.monotonic() > end or self.process.poll() is not None:
                    raise SystemExit(f"PostgreSQL does not start, see {self.folder}/log") from None
                time.sleep(0.2)

    async def fill(self, tables, say):
        """Loads those that are not there; a comment says that one is whole, and of which files."""
        connection = await self.wait()
        try:
            for table in tables:
                whole = " ".join(pathlib.Path(file).stem for file in table.files)
                there = await connection.fetchval("SELECT obj_description(to_regclass($1), 'pg_class')", f'"{table.name}"')
                if there != whole:
                    say(f"loading {table.name}, {table.rows:,} rows")
                    await load(connection, table)
                    await connection.execute(f"COMMENT ON TABLE \"{table.name}\" IS '{whole}'")
        finally:
            await connection.close()

    def wire(self, timeout_s, prepared):
        return Wire(self.address(), timeout_s, prepared)

    def root(self):
        """Its first process: ours may be the one that became nobody."""
        return int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def stop(self):
        with contextlib.suppress(OSError, ValueError):
            os.kill(self.root(), signal.SIGINT)
        try:
            self.process.wait(START_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)


async def load(connection, table):
    columns = ", ".join(f'"{field.name}" {type_of(field.type)}' for field in table.schema())
    await connection.execute(f'DROP TABLE IF EXISTS "{table.name}"; CREATE UNLOGGED TABLE "{table.name}" ({columns})')
    for file in table.files:
        await connection.copy_to_table(table.name, source=lines(file), format="csv")
    for number, index in enumerate(indexes(table)):
        names = ", ".join(f'"{column}"' for column in index)
        await connection.execute(f'CREATE INDEX "{table.name}_{number}" ON "{table.name}" ({names})')
    await connection.execute(f'VACUUM (ANALYZE) "{table.name}"')


async def lines(file):
    """Rows as CSV, where an empty text is quoted and no value is not."""
    for batch in pyarrow.parquet.ParquetFile(file).iter_batches(BATCH):
        out = io.BytesIO()
        pyarrow.csv.write_csv(batch, out, pyarrow.csv.WriteOptions(include_header=False))
        yield out.getvalue()


def type_of(arrow):
    if pyarrow.types.is_dictionary(arrow):
        return type_of(arrow.value_type)
    if pyarrow.types.is_timestamp(arrow):
        return "timestamptz" if arrow.tz else "timestamp"
    return TYPES[str(arrow)]


def indexes(table):
    """Lists of columns, each list once."""
    order = list(table.sorted_by)
    found = [order] if order else []
    place = next((column for column in PLACES if column in order), None)
    if place:
        found.append([place, *(column for column in order if column != place)])
    names = table.schema().names
    if "status" in names and "month" in names:
        found.append(["status", "month"])
    return found
