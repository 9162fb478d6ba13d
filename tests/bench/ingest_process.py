"""What a program and everything it started use: memory and processor time, read from /proc.

In: the number of the session that the program was started in. Out: bytes and seconds. Spark is Python and a JVM,
so one process is not enough.
"""

import os
import pathlib
import signal
import subprocess

PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")


def session_processes(session):
    """(process, resident bytes, processor seconds) of each process of a session that still runs."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The name stands in brackets and may hold spaces: fields are counted behind it.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found.append((int(entry.name), int(fields[21]) * PAGE, (int(fields[11]) + int(fields[12])) / TICK))
    return found


def processor_seconds(process):
    """Of one process and its threads; children not counted."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Watch:
    """Peak memory, and processor time with that of processes that have ended since."""

    def __init__(self, session):
        self.session, self.peak, self.resident, self.spent = session, 0, 0, {}

    def look(self):
        processes = session_processes(self.session)
        self.resident = sum(resident for _, resident, _ in processes)
        self.peak = max(self.peak, self.resident)
        self.spent.update({process: seconds for process, _, seconds in processes})

    def processor_s(self):
        return sum(self.spent.values())


def start(command, **options):
    """In a session of its own, whose number is the process's."""
    return subprocess.Popen(command, start_new_session=True, text=True, **options)


def end(process, how=signal.SIGTERM, seconds=30):
    """Asks it to stop; after so many seconds its whole session is killed."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
