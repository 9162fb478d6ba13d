"""Asks over the Postgres wire, Kayoi and PostgreSQL alike, and loads them.

In: an address, statements, a schedule. Out: what a phase measured. Statements go as text in one simple query, whose rows
are received and not decoded, so that the generator takes little of the processor that the server needs; with `prepared`
each connection prepares a question once and sends values. Connections are open before a phase begins.
"""

import asyncio
import contextlib
import time

import asyncpg
from measured import ANSWERED, FAILED, REFUSED, TIMED_OUT, Phase, watched

TOO_MANY = "53300"
CONNECT_S = 30
# A connection that does not answer is not waited for at the end.
CLOSE_S = 5


class Wire:
    """Connections to one server."""

    def __init__(self, address, timeout_s, prepared=False):
        self.address, self.timeout_s, self.prepared = address, timeout_s, prepared
        self.connections, self.statements = [], {}

    async def connect(self, count):
        while len(self.connections) < count:
            self.connections.append(await self.another())

    async def another(self):
        return await asyncpg.connect(**self.address, timeout=CONNECT_S)

    async def close(self):
        for connection in self.connections:
            with contextlib.suppress(Exception):
                await connection.close(timeout=CLOSE_S)
        self.connections = []

    async def rows(self, connection, pair, timeout_s):
        """How many rows the answer has."""
        question, filling = pair
        if not self.prepared:
            tag = await connection.execute(question.sql(filling), timeout=timeout_s)
            return int(tag.rsplit(" ", 1)[1])
        text, values = question.prepared(filling)
        if (connection, text) not in self.statements:
            self.statements[connection, text] = await connection.prepare(text, timeout=timeout_s)
        return len(await self.statements[connection, text].fetch(*values, timeout=timeout_s))

    async def ask(self, phase, connection, pair, since):
        """Asks one; its time counts from `since`."""
        error, left = None, self.timeout_s - (time.perf_counter() - since)
        try:
            if left <= 0:
                raise TimeoutError
            phase.rows += await self.rows(connection, pair, left)
            how = ANSWERED
        except TimeoutError:
            how = TIMED_OUT
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as said:
            how = REFUSED if getattr(said, "sqlstate", None) == TOO_MANY else FAILED
            error = f"{type(said).__name__}: {str(said).splitlines()[0] if str(said) else ''}"
        phase.note(pair[0].name, time.perf_counter() - since, how, error)

    async def closed(self, connections, pairs, seconds):
        """Each connection asks the next as soon as it has an answer; one that is cut asks no more."""
        await self.connect(connections)
        phase, pairs = Phase(), iter(pairs)
        with watched(phase) as started:
            async def work(connection):
                for pair in pairs:
                    await self.ask(phase, connection, pair, time.perf_counter())
                    if connection.is_closed() or time.perf_counter() - started > seconds:
                        return
            await asyncio.gather(*(work(connection) for connection in self.connections[:connections]))
        self.connections = [connection for connection in self.connections if not connection.is_closed()]
        return phase

    async def open(self, connections, pairs, arrivals):
        """Questions arrive by their schedule, whoever is busy; one waits when all connections are."""
        await self.connect(connections)
        phase, free = Phase(), asyncio.Queue()
        for connection in self.connections[:connections]:
            free.put_nowait(connection)

        async def work(pair, since):
            phase.late_s.append(time.perf_counter() - since)
            connection = await free.get()
            try:
                await self.ask(phase, connection, pair, since)
                if connection.is_closed():
                    self.connections.remove(connection)
                    connection = await self.another()
                    self.connections.append(connection)
            finally:
                free.put_nowait(connection)

        with watched(phase) as started:
            tasks = []
            for pair, at in zip(pairs, arrivals, strict=False):
                await asyncio.sleep(max(0, started + at - time.perf_counter()))
                tasks.append(asyncio.create_task(work(pair, started + at)))
            await asyncio.gather(*tasks)
        return phase
