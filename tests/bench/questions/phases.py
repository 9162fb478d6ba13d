"""The phases that an engine goes through.

In: an engine, its deck, the questions that it is asked. Out: for each phase and each set of questions what was measured.
Each question alone with one connection, uncached and then cached; then mixes: many connections in a closed loop, cached
and uncached, and an open loop, uncached. Phases of a question alone give its processor time, mixes give its percentiles
under load.
"""

from engines import repeated
from measured import Phase

ALONE = ("one-uncached", "one-cached")
MIXED = ("fifty-cached", "fifty-uncached", "open-uncached")
UNCACHED = ("one-uncached", "fifty-uncached", "open-uncached")
# At most so many questions a second are dealt to one connection.
MOST_A_SECOND = 1_000


async def alone(engine, deck, questions, options, say):
    """(phase, question) with what was measured."""
    found, wanted = {}, [name for name in ALONE if name in options.phases]
    for number, question in enumerate(questions if wanted else (), 1):
        for name in wanted:
            if name == "one-uncached":
                pairs = deck.deal([question], int(options.each_seconds * MOST_A_SECOND))
                found[name, question.name] = await engine.closed(1, pairs, options.each_seconds, False)
            else:
                await warm(engine, deck, [question])
                pairs = repeated(engine, deck.repeat([question]))
                found[name, question.name] = await engine.closed(1, pairs, options.each_seconds, True)
        say(f"{engine.name}: {question.name} alone, {number} of {len(questions)}")
    return found


async def mixed(engine, deck, questions, options, say):
    """Each phase with what was measured."""
    found = {}
    for name in (name for name in MIXED if name in options.phases):
        say(f"{engine.name}: {name}, {len(questions)} questions")
        await engine.quiet()
        arrivals = deck.arrivals(options.rate, options.seconds)
        if name == "fifty-cached":
            await warm(engine, deck, questions)
            pairs = repeated(engine, deck.repeat(questions))
            found[name] = await engine.closed(options.connections, pairs, options.seconds, True)
        elif name == "fifty-uncached":
            found[name] = await engine.closed(options.connections, deck.deal(questions, len(arrivals)), options.seconds, False)
        else:
            found[name] = await engine.open(options.open_connections, deck.deal(questions, len(arrivals)), arrivals)
    return found


async def warm(engine, deck, questions):
    """Asks what a cached phase repeats, so that it is cached where there is a cache."""
    for pair in deck.all_of(questions):
        await engine.rows(pair)


def by_question(phases, names):
    """The mixes, question by question."""
    return {phase: {name: found.of(name).summary() for name in names} for phase, found in phases.items()}


def together(phases):
    """Phases of single questions as one, for the mean of what they cost."""
    whole = Phase()
    for phase in phases:
        whole.asked += phase.asked
        whole.rows += phase.rows
        whole.errors += phase.errors
        whole.wall_s += phase.wall_s
        for name in ("server_s", "generator_s"):
            value = getattr(phase, name)
            setattr(whole, name, None if value is None else (getattr(whole, name) or 0.0) + value)
    return whole
