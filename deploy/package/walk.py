"""Walks through the program in a sandbox: from pings to an answer over HTTP, and to the end by SIGTERM.

In: the folder of a sandbox that scripts/sandbox has made, in namespaces of its own. Out: a line for each step, exit code 0 when
all went well. Before the walk and beside the server it looks whether the sandbox is one: by what the kernel says of a process
in it, and by trying. `--spoil` leaves a part of the confinement out, and must fail. Standard library only.
"""

import argparse
import ctypes
import errno
import fcntl
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

PROGRAM = "/usr/bin/kayoi"
# What the base image sets.
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/home/nonroot",
    "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
}
# Besides the volumes. /proc is the kernel's, and its files are root's.
WRITABLE = {"/tmp", "/var/tmp", "/proc"}
VOLUME = re.compile(r"/var/lib/kayoi(-journal|-release|-metrics)?")
DEVICE = re.compile(r"/dev/(null|zero|full|u?random)")
SERVER = "http://127.0.0.1:8080"
QUESTION = "SELECT month, count(*) AS figures FROM connected_monthly GROUP BY month ORDER BY month"
# As compose: over what the server allows a question.
STOP_S = 45
READY_S = 60
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, SIOCSIFFLAGS, IFF_UP = 24, 38, 0x8914, 1
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass
class Sandbox:
    """Where, as whom, and what is left out."""

    root: Path
    user: int
    group: int
    folder: str
    lake: str
    spoil: str

    def confine(self) -> None:
        """Makes this process one of the sandbox. Runs between fork and exec."""
        os.chroot(self.root)
        os.chdir(self.folder)
        if self.spoil != "capabilities":
            for capability in range(last_capability() + 1):
                prctl(PR_CAPBSET_DROP, capability)
        os.setgroups([0] if self.spoil == "group" else [])
        os.setresgid(self.group, self.group, self.group)
        if self.spoil != "root-user":
            os.setresuid(self.user, self.user, self.user)
        if self.spoil != "new-privileges":
            prctl(PR_SET_NO_NEW_PRIVS, 1)

    def start(self, *words: str) -> subprocess.Popen:
        """Starts the program in it."""
        environment = {**ENVIRONMENT, "KAYOI_LAKE": self.lake}
        return subprocess.Popen([PROGRAM, *words], env=environment, preexec_fn=self.confine, stdin=subprocess.DEVNULL)

    def run(self, *words: str) -> None:
        """Runs the program to its end, which must be a good one."""
        started = time.monotonic()
        code = self.start(*words).wait()
        demand(code == 0, f"`kayoi {' '.join(words)}` ended with {code}")
        report(f"kayoi {words[0]}", started)

    def fork(self, act: Callable[[], object]) -> int:
        """Starts a process of the sandbox that is not the program; its exit code is an error number."""
        process = os.fork()
        if process:
            return process
        code = 255
        try:
            self.confine()
            act()
            code = 0
        except OSError as error:
            code = error.errno
        finally:
            os._exit(code)


def main() -> int:
    """Looks at the sandbox, then walks."""
    parser = argparse.ArgumentParser(description="walks through the program in a sandbox")
    parser.add_argument("root", type=Path)
    parser.add_argument("--user", required=True, help="as numbers: 65532:65532")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--lake", required=True)
    parser.add_argument("--spoil", default="")
    options = parser.parse_args()
    user, group = map(int, options.user.split(":"))
    sandbox = Sandbox(options.root, user, group, options.folder, options.lake, options.spoil)
    last_capability()
    loopback_up()
    try:
        look(sandbox)
        walk(sandbox)
    except Failed as failed:
        print(f"sandbox: FAILED: {failed}", flush=True)
        return 1
    print("sandbox: all is well", flush=True)
    return 0


class Failed(Exception):
    """What went wrong."""


def demand(holds: bool, otherwise: str) -> None:
    """Ends when it does not hold."""
    if not holds:
        raise Failed(otherwise)


def report(what: str, started: float) -> None:
    """One line."""
    print(f"sandbox: {what:48} ok {time.monotonic() - started:5.1f} s", flush=True)


def look(sandbox: Sandbox) -> None:
    """Looks at a process of the sandbox that does nothing, then tries what must not go."""
    started = time.monotonic()
    waiting, going = os.pipe()
    said, saying = os.pipe()
    process = sandbox.fork(lambda: (os.close(going), os.write(saying, b"."), os.read(waiting, 1)))
    try:
        os.close(saying)
        demand(os.read(said, 1) == b".", "no process can be started in it")
        wrong = [*of_files(sandbox), *of_process(sandbox, process), *of_mounts(process)]
    finally:
        os.close(going)
        os.waitpid(process, 0)
    wrong += tried(sandbox)
    demand(not wrong, "; ".join(wrong))
    report("confined: files, user, capabilities, mounts", started)


def of_files(sandbox: Sandbox) -> Iterator[str]:
    """Programs besides ours, and libraries that ours does not ask for."""
    asked = {PROGRAM, *libraries(sandbox)}
    for folder, below, names in os.walk(sandbox.root):
        inside = f"/{Path(folder).relative_to(sandbox.root)}".replace("/.", "/")
        below[:] = [name for name in below if os.path.join(inside, name) not in {"/proc", "/dev", "/var"}]
        for name in names:
            path = os.path.join(inside, name)
            mode = os.stat(os.path.join(folder, name)).st_mode
            if path not in asked and (mode & 0o111 or ".so" in name):
                yield f"the sandbox has {path}"


def libraries(sandbox: Sandbox) -> set[str]:
    """What the loader finds for the program."""
    said = subprocess.run(["ldd", f"{sandbox.root}{PROGRAM}"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"/[^ ]+", said))


def of_process(sandbox: Sandbox, process: int) -> Iterator[str]:
    """What the kernel says of it, where that is not what the image promises."""
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines() if ":\t" in line)
    promised = {"Uid": [str(sandbox.user)] * 4, "Gid": [str(sandbox.group)] * 4, "Groups": [], "NoNewPrivs": ["1"]}
    # What it has, may get, and hands on.
    promised |= {name: ["0" * 16] for name in status if name.startswith("Cap")}
    for name, value in promised.items():
        if status[name].split() != value:
            yield f"{name} of the process is `{' '.join(status[name].split())}`, not `{' '.join(value)}`"


def of_mounts(process: int) -> Iterator[str]:
    """Places that can be written, beside those that are for it."""
    places = {}
    for line in Path(f"/proc/{process}/mountinfo").read_text().splitlines():
        place, options = line.split()[4:6]
        # The last one on a place is what a process sees.
        places[place] = options.split(",")
    if "/" not in places:
        yield "the root is no mount of its own"
    for place, options in places.items():
        if "rw" in options and place not in WRITABLE and not VOLUME.fullmatch(place) and not DEVICE.fullmatch(place):
            yield f"{place} can be written"
        if "nosuid" not in options and not DEVICE.fullmatch(place):
            yield f"{place} lets programs change who they are"


def tried(sandbox: Sandbox) -> Iterator[str]:
    """What was tried and did not fail as it must."""
    trials = [
        ("writing into the root", lambda: write("/written"), errno.EROFS),
        ("writing beside the program", lambda: write("/usr/bin/written"), errno.EROFS),
        ("writing over the program", lambda: os.open(PROGRAM, os.O_WRONLY), errno.EACCES),
        ("becoming root", lambda: os.setresuid(0, 0, 0), errno.EPERM),
        ("starting a shell", lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"]), errno.ENOENT),
        ("leaving the root", lambda: os.chroot("/tmp"), errno.EPERM),
        ("writing into /tmp", lambda: write("/tmp/written"), 0),
        ("writing into /var/tmp", lambda: write("/var/tmp/written"), 0),
        ("writing into the folder of the lake", lambda: write(f"{sandbox.folder}/written"), 0),
    ]
    for name, act, expected in trials:
        code = os.waitstatus_to_exitcode(os.waitpid(sandbox.fork(act), 0)[1])
        if code != expected:
            yield f"{name} ended with {said(code)}, not {said(expected)}"


def said(code: int) -> str:
    """An error number in words."""
    return os.strerror(code) if code else "success"


def write(path: str) -> None:
    """Makes a file and takes it away."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    os.unlink(path)


def walk(sandbox: Sandbox) -> None:
    """From pings to an answer."""
    feed = f"{sandbox.folder}/feed"
    sandbox.run("simulate", "--devices", "60", "--days", "45", "--seed", "1", "--out", feed)
    sandbox.run("ingest", "--file", f"{feed}/pings")
    sandbox.run("aggregate", "--metrics-file", "/var/lib/kayoi-metrics/aggregate.prom")
    sandbox.run("lake", "maintain", "--metrics-file", "/var/lib/kayoi-metrics/maintain.prom")
    server = sandbox.start("serve", "--journal-dir", "/var/lib/kayoi-journal")
    try:
        ready(sandbox, server)
        wrong = [finding for process in family(server.pid) for finding in (*of_process(sandbox, process), *of_mounts(process))]
        demand(not wrong, "; ".join(wrong))
        ask()
        stop(server)
    finally:
        server.kill()


def ready(sandbox: Sandbox, server: subprocess.Popen) -> None:
    """Asks as a probe does, until the server can answer."""
    started = time.monotonic()
    while True:
        demand(server.poll() is None, f"the server ended with {server.returncode}")
        if sandbox.start("health").wait() == 0:
            break
        demand(time.monotonic() - started < READY_S, f"the server is not ready after {READY_S} s")
        time.sleep(0.5)
    report("kayoi serve: ready, as kayoi health says", started)


def family(process: int) -> Iterator[int]:
    """A process and those that it started."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def ask() -> None:
    """A question over HTTP, and the page."""
    started = time.monotonic()
    query = urlencode({"sql": QUESTION, "format": "json"})
    with urllib.request.urlopen(f"{SERVER}/v1/query?{query}", timeout=60) as answer:
        rows = json.load(answer)
    demand(bool(rows["rows"] if isinstance(rows, dict) else rows), f"the answer has no rows: {rows}")
    with urllib.request.urlopen(f"{SERVER}/", timeout=60) as page:
        demand(b"<html" in page.read().lower(), "there is no page at /")
    report("a question over HTTP, and the page", started)


def stop(server: subprocess.Popen) -> None:
    """Ends it as a container's end does."""
    started = time.monotonic()
    server.send_signal(signal.SIGTERM)
    try:
        code = server.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        raise Failed(f"the server has not ended {STOP_S} s after SIGTERM") from None
    demand(code == 0, f"after SIGTERM the server ended with {code}")
    report("SIGTERM", started)


def loopback_up() -> None:
    """Switches on the only network there is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        fcntl.ioctl(door, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def last_capability(known: list[int] = []) -> int:  # noqa: B006 - read once, since a sandbox may not see it
    """The highest number of a capability."""
    if not known:
        known.append(int(Path("/proc/sys/kernel/cap_last_cap").read_text()))
    return known[0]


def prctl(option: int, value: int) -> None:
    """Asks the kernel; arguments that are not used have to be 0."""
    if LIBC.prctl(option, *(ctypes.c_ulong(word) for word in (value, 0, 0, 0))) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    sys.exit(main())
