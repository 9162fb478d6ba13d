"""Processor time of a server and of all that it starts, read from /proc.

In: the port that it listens on, or the number of its process. Out: seconds, user and system, of the process, of its
children that live, and of those that ended and that it has waited for. A server that answers in processes of its own is
then counted whole. What a process spends on other people's questions meanwhile is counted too.
"""

import os
import pathlib

TICK = os.sysconf("SC_CLK_TCK")
PROC = pathlib.Path("/proc")
LISTENS = "0A"


def listener(port):
    """The process that listens on a TCP port of this machine; `None` where none is seen."""
    sockets = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in listening(PROC / "net" / table, port)}
    holders = {process for process in processes() if sockets & set(open_files(process))}
    # Children may hold what their parent opened: the parent is the server.
    return next((process for process in sorted(holders) if parent(process) not in holders), None)


def listening(table, port):
    """The inodes of sockets that listen on a port."""
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return
    for fields in map(str.split, lines):
        if fields[3] == LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
            yield fields[9]


def processes():
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def open_files(process):
    try:
        for entry in (PROC / str(process) / "fd").iterdir():
            yield os.readlink(entry)
    except OSError:
        # It ended, or is somebody else's.
        return


def fields_of(process):
    """The fields of `stat` behind the name, which stands in brackets and may hold spaces."""
    try:
        return (PROC / str(process) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None


def parent(process):
    fields = fields_of(process)
    return int(fields[1]) if fields else None


def seconds(root):
    """Of a process, its descendants, and those of them that have ended."""
    # The root first: what ends after it was read is missed by some milliseconds, and nothing is counted twice.
    seen = {root: fields_of(root)}
    seen.update({process: fields_of(process) for process in processes() if process != root})
    children = {}
    for process, fields in seen.items():
        if fields:
            children.setdefault(int(fields[1]), []).append(process)
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        # utime, stime, and both of the children that it has waited for.
        total += sum(int(field) for field in seen[process][11:15]) if seen[process] else 0
        waiting += children.get(process, [])
    return total / TICK
