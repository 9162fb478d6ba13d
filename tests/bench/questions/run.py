"""`make bench-questions`: the named questions under load, beside DuckDB, ClickHouse and PostgreSQL on the same release.

In: a server of a lake with a release, and the lake's folder. Out: tables in Markdown, and all figures as JSON. Uncached
phases never repeat an answer, if the server has not been asked the same since it started: start it anew, or give another
seed. Peers are asked the SQL of Kayoi's questions as it is, in the same run, and stand still while others are measured.
"""

import argparse
import asyncio
import json
import pathlib
import signal
import sys
import time
import urllib.parse

import aims
import engines
import named
import phases
import processor
import release
import table
from deck import Deck
from embedded import KINDS
from wire import Wire

IDLE_S = 2
STARTED = time.monotonic()


def say(line):
    print(f"questions: {time.monotonic() - STARTED:.0f} s: {line}", file=sys.stderr, flush=True)


def words(line):
    return [word for word in line.split(",") if word]


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="HTTP of the server: its questions, municipalities and months")
    parser.add_argument("--pg", required=True, help="host:port of its Postgres wire")
    parser.add_argument("--lake", type=pathlib.Path, required=True, help="its lake, of whose release the peers read the files")
    parser.add_argument("--user", default="bench", help="who asks over the Postgres wire; a password is taken from PGPASSWORD")
    parser.add_argument("--seconds", type=float, default=20, help="of each mix")
    parser.add_argument("--each-seconds", type=float, default=3, help="of each question alone, uncached and cached")
    parser.add_argument("--rate", type=float, default=200, help="questions a second of the open loop")
    parser.add_argument("--connections", type=int, default=50, help="of the closed loop")
    parser.add_argument("--open-connections", type=int, default=100, help="that the open loop has at hand")
    parser.add_argument("--timeout", type=float, default=10, help="seconds after which a question counts as timed out")
    parser.add_argument("--questions", type=words, default=[], help="names, with commas; all without it")
    parser.add_argument("--peers", type=words, default=["duckdb", "chdb", "postgresql"],
                        help=f"of {', '.join(KINDS)}, postgresql; empty for none")
    parser.add_argument("--phases", type=words, default=[*phases.ALONE, *phases.MIXED], help="some of them, with commas")
    parser.add_argument("--threads", type=int, default=2, help="that one question may take of DuckDB and ClickHouse")
    parser.add_argument("--months", type=int, default=9, help="older months that are asked of when the newest is used up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prepared", action="store_true", help="prepare questions and send values, over the wire")
    parser.add_argument("--pg-tables", type=words, default=[], help="load these only; other questions are left out there")
    parser.add_argument("--pg-state", type=pathlib.Path, help="folder of the PostgreSQL, kept for the next run")
    parser.add_argument("--pg-programs", default="/usr/lib/postgresql/15/bin", help="folder of its programs")
    parser.add_argument("--json", type=pathlib.Path, help="file for all figures")
    options = parser.parse_args()
    if wrong := set(options.peers) - {*KINDS, "postgresql"}:
        parser.error(f"no peer is called {', '.join(wrong)}")
    if wrong := set(options.phases) - {*phases.ALONE, *phases.MIXED}:
        parser.error(f"no phase is called {', '.join(wrong)}; there are {', '.join([*phases.ALONE, *phases.MIXED])}")
    return options


def kayoi(options):
    host, _, port = options.pg.rpartition(":")
    address = {"host": host, "port": int(port), "user": options.user, "database": "kayoi"}
    # Of this machine only: another's processes are not seen.
    root = processor.listener(int(port)) if host in ("127.0.0.1", "localhost", "::1") else None
    if root is None:
        say(f"no process of this machine is seen to listen on {options.pg}: its processor time is left out")
        about = urllib.parse.urlsplit(options.url).netloc
    else:
        about = pathlib.Path(f"/proc/{root}/cmdline").read_text(encoding="utf-8").replace("\0", " ").strip()
    asked = "prepared, with values" if options.prepared else "as text, simple query"
    return engines.Served("kayoi", Wire(address, options.timeout, options.prepared), root, f"{about}; {asked}")


async def run(options):
    # Asked to stop, it ends the peers too.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    before = named.answered_before(options.url)
    where = named.places(options.url, options.months)
    say("reading the questions")
    questions, not_asked = named.questions(options.url, options.questions, where)
    tables, revision = release.tables(options.lake)
    # Kayoi's mixes once more for each peer that leaves questions out.
    uncached = sum(phase in options.phases for phase in phases.UNCACHED) + 2 * len(options.peers)
    own = kayoi(options)

    def deck():
        return Deck(questions, where, options.seed, uncached, "one-uncached" in options.phases)

    results = {
        "options": {key: str(value) if isinstance(value, pathlib.Path) else value
                    for key, value in vars(options).items()},
        "revision": revision, "answered_before": before, "idle_ms_per_s": await own.idle(IDLE_S),
        "questions": [question.name for question in questions], "left_out": {"kayoi": dict(not_asked)}, "mixes": [], "alone": {},
        "alone_mean": {}, "kayoi_by_question": {}, "about": {"kayoi": own.about},
    }
    ends, answers = [own.close], {}
    try:
        others = []
        async for peer, end in engines.peers(options, questions, tables, say):
            ends.append(end)
            results["about"][peer.name] = peer.about
            answers[peer] = await engines.tried(peer, deck(), questions)
            peer.pause()
            others.append(peer)
        await measure(options, results, own, deck, questions, others, answers)
    finally:
        for end in reversed(ends):
            await end()
    results["aims"] = aims.judged(results)
    return results


async def measure(options, results, own, deck, questions, others, answers):
    """Kayoi with all questions; then each peer with those that it answers, and Kayoi with the same beside it."""
    own_deck = deck()
    await alone(results, own, own_deck, questions, options)
    results["kayoi_by_question"] = phases.by_question(
        await mixes(results, own, own_deck, questions, "all", options), results["questions"])
    rows, sets = await engines.tried(own, own_deck, questions), {tuple(questions): "all"}
    for peer in others:
        found = engines.left_out(answers[peer], rows)
        results["left_out"][peer.name] = {question.name: why for question, why in found.items()}
        known = tuple(question for question in questions if question not in found)
        if not known:
            continue
        if known not in sets:
            sets[known] = f"of {peer.name}"
            await mixes(results, own, own_deck, known, sets[known], options)
        peer.go_on()
        peer_deck = deck()
        await alone(results, peer, peer_deck, known, options)
        await mixes(results, peer, peer_deck, known, sets[known], options)
        peer.pause()


async def alone(results, engine, deck, questions, options):
    found = await phases.alone(engine, deck, questions, options, say)
    told, mean = {}, {}
    for name in (name for name in phases.ALONE if name in options.phases):
        told[name] = {question: phase.summary() for (at, question), phase in found.items() if at == name}
        mean[name] = phases.together(phase for (at, _), phase in found.items() if at == name).summary()
    results["alone"][engine.name], results["alone_mean"][engine.name] = told, mean


async def mixes(results, engine, deck, questions, label, options):
    found = await phases.mixed(engine, deck, questions, options, say)
    told = {name: phase.summary() for name, phase in found.items()}
    results["mixes"].append({"engine": engine.name, "set": label, "questions": len(questions), "phases": told})
    return found


def main():
    options = read_options()
    try:
        results = asyncio.run(run(options))
    except (asyncio.CancelledError, KeyboardInterrupt):
        sys.exit("questions: stopped before the end")
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(table.text(results))
    if results["answered_before"]:
        print(f"\nThe server had answered {results['answered_before']:,} questions before: if they were these, with this seed, "
              "uncached figures are of its cache. Start it anew, or give another seed.")


if __name__ == "__main__":
    main()
