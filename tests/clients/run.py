"""`make test-clients`: clients that are too heavy for `make test`, each started as its user starts it.

In: the addresses of a server that somebody else started, and names of clients. Out: a table in Markdown of what each did;
exit code 1 when something failed or a client cannot be had. One client runs at a time, so that none waits for another.
"""

import argparse
import json
import os
import subprocess
import sys

import install

# The longest that a client may take, its own server and database included.
LONGEST_S = 1_200


def told(command, addresses):
    """The version of a client, and what it did with what failed."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            [*map(str, command), *addresses],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environment,
            timeout=LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return None, [("all of it", f"not within {LONGEST_S} s")]
    # Libraries print too.
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    version = next((line["version"] for line in lines if "version" in line), None)
    did = [(line["did"], line["failed"]) for line in lines if "did" in line]
    if ended.returncode != 0 or not lines or not lines[-1].get("end") or not did:
        did.append(("to its end", f"it ended with {ended.returncode}: {ended.stderr.strip()[-1500:]}"))
    return version, did


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pg", required=True, help="host:port of the Postgres wire")
    parser.add_argument("--url", required=True, help="HTTP of the server")
    parser.add_argument("--flight", required=True, help="host:port of Arrow Flight SQL")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(install.CLIENTS)}; all without it")
    options = parser.parse_args()
    if wrong := set(options.names) - set(install.CLIENTS):
        parser.error(f"no client is called {', '.join(sorted(wrong))}; there are {', '.join(install.CLIENTS)}")
    addresses = ["--pg", options.pg, "--url", options.url, "--flight", options.flight]
    passed = failed = 0
    print("| client | version | what was done | |\n|---|---|---|---|", flush=True)
    for name in options.names or install.CLIENTS:
        try:
            version, did = told(install.CLIENTS[name](), addresses)
        except install.Missing as reason:
            version, did = None, [("installed", str(reason))]
        for what, wrong in did:
            passed, failed = (passed, failed + 1) if wrong else (passed + 1, failed)
            print(f"| {name} | {cell(version or '')} | {cell(what)} | {cell(wrong) if wrong else 'ok'} |", flush=True)
    print(f"\n{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
