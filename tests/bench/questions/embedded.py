"""DuckDB and ClickHouse (chdb) inside a process of their own, asked by threads of that process.

In: tables of a release, statements, a schedule. Out: what a phase measured. An engine of this kind has no wire: the time
of an answer is that of the call, and its processor time is that of the whole process, threads that ask included, which is
in its favour. Answers are columns in memory (Arrow), not rows of Python. `-native` has the tables in the engine's own
format in the order of the release; without it they are views over the release's Parquet files.
"""

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import queue
import signal
import tempfile
import threading
import time
import warnings

from measured import ANSWERED, FAILED, TIMED_OUT, Phase, watched

KINDS = ("duckdb", "duckdb-native", "chdb", "chdb-native")
STOP_S = 30
# What makes ClickHouse read SQL as the others do: names mean columns, and NULL is what they take for it.
STANDARD = ("SET prefer_column_name_to_alias = 1", "SET join_use_nulls = 1", "SET aggregate_functions_null_for_empty = 1",
            "SET cast_keep_nullable = 1")


class Embedded:
    """An engine in a child process, which stands still while others are measured."""

    def __init__(self, kind, tables, threads, timeout_s):
        self.name, self.about = kind, ""
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, kind, tables, threads, timeout_s), daemon=True)
        self.process.start()
        # Held by the child alone, so that its end is seen.
        theirs.close()

    async def opened(self):
        """Waits until its tables are there."""
        self.about = await self.answer()

    async def answer(self):
        try:
            kind, told = await asyncio.to_thread(self.pipe.recv)
        except EOFError:
            raise SystemExit(f"{self.name}: its process ended") from None
        if kind == "error":
            raise SystemExit(f"{self.name}: {told}")
        return told

    async def ask(self, what, *values):
        self.pipe.send((what, *values))
        return await self.answer()

    async def rows(self, pair):
        """How many rows the answer has, or why there is none."""
        return await self.ask("rows", pair[0].sql(pair[1]))

    async def closed(self, connections, pairs, seconds, repeats):
        return await self.ask("closed", connections, texts(pairs), seconds, repeats)

    async def open(self, connections, pairs, arrivals):
        return await self.ask("open", connections, texts(pairs), arrivals)

    async def quiet(self):
        """A phase ends when all is answered."""

    def pause(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)

    async def close(self):
        with contextlib.suppress(OSError):
            self.go_on()
            self.pipe.send(("end",))
        self.process.join(STOP_S)
        if self.process.is_alive():
            self.process.kill()


def texts(pairs):
    """(name, SQL) of each; the same text is sent once."""
    made = {}
    return [(question.name, made.setdefault((question, filling), question.sql(filling))) for question, filling in pairs]


def serve(pipe, kind, tables, threads, timeout_s):
    """The child: opens the engine and answers until it is told to end."""
    try:
        engine = (DuckDb if kind.startswith("duckdb") else Chdb)(tables, threads, kind.endswith("-native"))
        pipe.send(("done", engine.about))
        while (told := pipe.recv())[0] != "end":
            match told:
                case ("rows", sql):
                    answer = tried(engine, sql)
                case ("closed", connections, items, seconds, repeats):
                    answer = closed(engine, connections, itertools.cycle(items) if repeats else iter(items), seconds, timeout_s)
                case ("open", connections, items, arrivals):
                    answer = opened(engine, connections, items, arrivals, timeout_s)
            pipe.send(("done", answer))
    except (EOFError, KeyboardInterrupt):
        # Whoever asked has gone.
        return
    except Exception as error:
        pipe.send(("error", f"{type(error).__name__}: {error}"))


class DuckDb:
    """DuckDB; each connection is a cursor of one database."""

    def __init__(self, tables, threads, native):
        import duckdb

        # Arrow from a cursor copies the rows once more; from a relation it would plan the statement twice.
        warnings.filterwarnings("ignore", message="Arrow output")
        settings = [f"SET threads = {threads}", "SET parquet_metadata_cache = true"]
        # On disk, where it compresses its own tables; in memory it would not.
        self.folder = tempfile.TemporaryDirectory(prefix="kayoi-duckdb-") if native else None
        self.database = duckdb.connect(f"{self.folder.name}/release.duckdb" if native else ":memory:")
        for setting in settings:
            self.database.execute(setting)
        for table in tables:
            kind = "TABLE" if native else "VIEW"
            self.database.execute(f'CREATE {kind} "{table.name}" AS SELECT * FROM read_parquet({list(table.files)!r})')
        what = "tables loaded from" if native else "views over"
        self.about = f"DuckDB {duckdb.__version__}, in one process; {'; '.join(settings)}; {what} the Parquet files"

    def connect(self):
        return self.database.cursor()

    @staticmethod
    def rows(connection, sql):
        return connection.execute(sql).to_arrow_table().num_rows


class Chdb:
    """ClickHouse in a process; connections share its tables."""

    def __init__(self, tables, threads, native):
        import chdb

        self.connect_to = chdb.connect
        self.settings = [f"SET max_threads = {threads}", *STANDARD]
        first = self.connect()
        for table in tables:
            # The files of a table are in one folder.
            folder = os.path.dirname(table.files[0])
            names = ",".join(os.path.basename(file) for file in table.files)
            source = f"SELECT * FROM file('{folder}/{{{names}}}', Parquet)"
            if native:
                order = ", ".join(f'"{column}"' for column in table.sorted_by)
                source = f"ENGINE = MergeTree ORDER BY ({order}) AS {source}"
                first.query(f'CREATE TABLE "{table.name}" {source}')
                first.query(f'OPTIMIZE TABLE "{table.name}" FINAL')
            else:
                first.query(f'CREATE VIEW "{table.name}" AS {source}')
        what = "MergeTree tables in the release's order of" if native else "views over"
        self.about = (f"ClickHouse {chdb.engine_version} (chdb {chdb.__version__}), in one process; "
                      f"{'; '.join(self.settings)}; {what} the Parquet files")
        self.first = first

    def connect(self):
        connection = self.connect_to(":memory:")
        for setting in self.settings:
            connection.query(setting)
        return connection

    @staticmethod
    def rows(connection, sql):
        answer = connection.query(sql, "ArrowStream")
        if answer.has_error():
            raise RuntimeError(answer.error_message())
        return answer.rows_read()


def tried(engine, sql):
    try:
        return engine.rows(engine.connect(), sql)
    except Exception as error:
        return str(error).splitlines()[0]


def ask(engine, phase, connection, item, since, timeout_s):
    """Asks one. It is not interrupted: what takes too long is noted when it is done."""
    name, sql = item
    error = None
    try:
        if time.perf_counter() - since < timeout_s:
            phase.rows += engine.rows(connection, sql)
        how = ANSWERED if time.perf_counter() - since < timeout_s else TIMED_OUT
    except Exception as said:
        how, error = FAILED, str(said).splitlines()[0]
    phase.note(name, time.perf_counter() - since, how, error)


def closed(engine, connections, items, seconds, timeout_s):
    phase, lock = Phase(), threading.Lock()

    def work(connection, started):
        while time.perf_counter() - started <= seconds:
            with lock:
                item = next(items, None)
            if item is None:
                return
            ask(engine, phase, connection, item, time.perf_counter(), timeout_s)

    return run(engine, phase, connections, work)


def opened(engine, connections, items, arrivals, timeout_s):
    phase, waiting = Phase(), queue.SimpleQueue()

    def schedule(started):
        for item, at in zip(items, arrivals, strict=False):
            time.sleep(max(0, started + at - time.perf_counter()))
            phase.late_s.append(time.perf_counter() - started - at)
            waiting.put((item, started + at))
        for _ in range(connections):
            waiting.put(None)

    def work(connection, _):
        while (told := waiting.get()) is not None:
            item, since = told
            ask(engine, phase, connection, item, since, timeout_s)

    return run(engine, phase, connections, work, schedule)


def run(engine, phase, connections, work, schedule=None):
    """Each connection in a thread of its own, all started together."""
    opened_ones = [engine.connect() for _ in range(connections)]
    with watched(phase) as started:
        threads = [threading.Thread(target=work, args=(connection, started)) for connection in opened_ones]
        for thread in threads:
            thread.start()
        if schedule:
            schedule(started)
        for thread in threads:
            thread.join()
    for connection in opened_ones:
        connection.close()
    phase.server_s, phase.generator_s = phase.generator_s, None
    return phase
