"""The engines that are measured, one like the other.

In: options and questions. Out: engines that run a phase, with the processor time of their processes, and for each peer
the questions that it leaves out and why. A peer gets Kayoi's SQL as it is: what it does not understand, or answers with
another number of rows, is left out for it and said.
"""

import asyncio
import itertools

import embedded
import named
import postgres
import processor

# A server may still end workers, and start others, when the last answer is there.
SETTLE_S = 0.3
# What was given up may still be worked on: a mix begins when the server takes less than this share of a core.
QUIET_SHARE, QUIET_LOOK_S, QUIET_MOST_S = 0.2, 0.5, 10
# A question that is tried, or asked so that it is cached, may take longer than one that is measured.
TRY_S = 60
# Statements that an embedded engine repeats: enough of them to mix all questions.
REPEATED = 5_000


class Served:
    """An engine behind the Postgres wire."""

    def __init__(self, name, wire, root, about):
        self.name, self.wire, self.root, self.about = name, wire, root, about

    async def rows(self, pair):
        await self.wire.connect(1)
        try:
            return await self.wire.rows(self.wire.connections[0], pair, TRY_S)
        except Exception as error:
            return str(error).splitlines()[0] if str(error) else type(error).__name__

    async def closed(self, connections, pairs, seconds, repeats):
        await self.wire.connect(connections)
        return await self.counted(self.wire.closed(connections, pairs, seconds))

    async def open(self, connections, pairs, arrivals):
        await self.wire.connect(connections)
        return await self.counted(self.wire.open(connections, pairs, arrivals))

    async def counted(self, phase):
        before = processor.seconds(self.root) if self.root else None
        found = await phase
        await asyncio.sleep(SETTLE_S)
        found.server_s = processor.seconds(self.root) - before if self.root else None
        return found

    async def quiet(self):
        """Waits until it rests, but not for ever: others may ask it too."""
        for _ in range(int(QUIET_MOST_S / QUIET_LOOK_S)):
            used = await self.idle(QUIET_LOOK_S)
            if used is None or used < QUIET_SHARE * 1e3:
                return

    async def idle(self, seconds):
        """What it uses while nobody of ours asks, in milliseconds a second."""
        if not self.root:
            return None
        before = processor.seconds(self.root)
        await asyncio.sleep(seconds)
        return round((processor.seconds(self.root) - before) / seconds * 1e3, 1)

    def pause(self):
        """It stands idle by itself."""

    def go_on(self):
        """It never stood still."""

    async def close(self):
        await self.wire.close()


async def peers(options, questions, tables, say):
    """(engine, how to end it) of each peer, one after the other, with the tables that it needs loaded."""
    wanted = sorted({table for question in questions for table in named.tables(question, tables)})
    for name in options.peers:
        say(f"{name}: opening")
        if name != postgres.PostgreSql.name:
            engine = embedded.Embedded(name, [tables[table] for table in wanted], options.threads, options.timeout)
            try:
                await engine.opened()
            except BaseException:
                await engine.close()
                raise
            yield engine, engine.close
            continue
        limited = [table for table in wanted if not options.pg_tables or table in options.pg_tables]
        server = postgres.PostgreSql(options.pg_programs, options.pg_state)
        server.start()
        try:
            await server.fill([tables[table] for table in limited], lambda text: say(f"postgresql: {text}"))
        except BaseException:
            server.stop()
            raise
        engine = Served(name, server.wire(options.timeout, options.prepared), server.root(), server.about)

        async def end(engine=engine, server=server):
            await engine.close()
            server.stop()

        yield engine, end


async def tried(engine, deck, questions):
    """Rows of the first answer of each question, or why there is none."""
    return {question: await engine.rows((question, deck.few[question][0])) for question in questions}


def left_out(peer, own):
    """Why a peer leaves questions out, by their answers and Kayoi's."""
    found = {}
    for question, answer in peer.items():
        if not isinstance(answer, int):
            found[question] = answer
        elif isinstance(own[question], int) and answer != own[question]:
            found[question] = f"answers with {answer} rows, Kayoi with {own[question]}"
    return found


def repeated(engine, pairs):
    """Pairs without end for a wire; a list, which the engine repeats, for another process."""
    return list(itertools.islice(pairs, REPEATED)) if isinstance(engine, embedded.Embedded) else pairs
