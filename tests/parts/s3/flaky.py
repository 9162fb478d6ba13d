"""An HTTP proxy that fails on purpose. In: requests for an S3 store, and how often which fault shall happen. Out: the
store's answers, or a fault; a line `FAULT METHOD PATH` on standard output for each fault, before the client can see it.

The faults that matter are those after the store has done its work (`reset-after`, `unavailable-after`): the client
cannot know whether its commit is there. Bytes are passed on as they are, with the client's own `Host`, so signatures
stay valid.

Whether a request fails hangs on the seed, its method, its path and how often it came before, not on what else is under
way: the same seed gives the same faults however threads interleave.
"""

import argparse
import collections
import http.client
import http.server
import random
import re
import socket
import struct
import sys
import threading
import time

FAULTS = {
    "unavailable": "answer 503 without asking the store",
    "reset-before": "reset the connection without asking the store",
    "unavailable-after": "let the store do its work, then answer 503",
    "reset-after": "let the store do its work, then reset the connection",
    "cut": "reset the connection in the middle of the store's answer",
}
# Headers about one connection, not about the request.
HOP = {"connection", "keep-alive", "transfer-encoding"}
UNAVAILABLE = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>on purpose</Message></Error>'


class Plan:
    """Which fault each request gets."""

    def __init__(self, arguments):
        self.seed = arguments.seed
        self.rates = [(fault, getattr(arguments, fault.replace("-", "_"))) for fault in FAULTS]
        self.delay_rate, self.delay_ms = arguments.delay, arguments.delay_ms
        self.only = re.compile(arguments.only)
        self.left = arguments.most
        self.seen = collections.Counter()
        self.lock = threading.Lock()

    def next(self, request):
        """The fault of this request, or None, and the seconds to wait before it."""
        if not self.only.search(request):
            return None, 0.0
        with self.lock:
            self.seen[request] += 1
            chance = random.Random(f"{self.seed} {request} {self.seen[request]}")
            delay_s = chance.uniform(0, self.delay_ms / 1000) if chance.random() < self.delay_rate else 0.0
            drawn = chance.random()
            for fault, rate in self.rates:
                if drawn < rate and self.left != 0:
                    self.left -= 1
                    return fault, delay_s
                drawn -= rate
        return None, delay_s


class Proxy(http.server.BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    # Many small writes, each waiting for its acknowledgement, would be a delay nobody asked for.
    disable_nagle_algorithm = True
    plan = None
    upstream = None

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        if "Transfer-Encoding" in self.headers:
            self.send_error(411)
            return
        body = self.rfile.read(length)
        if len(body) < length:
            # The client broke off; the store must not get half a request.
            self.close_connection = True
            return
        request = f"{self.command} {self.path}"
        fault, delay_s = self.plan.next(request)
        time.sleep(delay_s)
        if fault in ("unavailable", "reset-before"):
            self.fail(fault, request)
            return
        try:
            status, reason, headers, content = self.ask_store(body)
        except OSError:
            self.answer(502, "Bad Gateway", [], b"")
            return
        if fault in ("unavailable-after", "reset-after"):
            self.fail(fault, request)
        elif fault == "cut":
            self.answer(status, reason, headers, content, cut=True, request=request)
        else:
            self.answer(status, reason, headers, content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def ask_store(self, body):
        connection = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP and name.lower() != "expect":
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return answer.status, answer.reason, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def answer(self, status, reason, headers, content, cut=False, request=""):
        has_body = self.command != "HEAD" and status not in (204, 304)
        self.send_response_only(status, reason)
        for name, value in headers:
            # A HEAD answer's length is that of the object, which is not sent.
            if name.lower() not in HOP and (name.lower() != "content-length" or not has_body):
                self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", str(len(content)))
        if cut:
            tell("cut", request)
            content = content[: len(content) // 2]
        self.end_headers()
        if has_body:
            self.wfile.write(content)
        if cut:
            self.reset()

    def fail(self, fault, request):
        tell(fault, request)
        if fault.startswith("unavailable"):
            self.answer(503, "Slow Down", [("Content-Type", "application/xml")], UNAVAILABLE)
        else:
            self.reset()

    def reset(self):
        """Ends the connection with a TCP reset instead of an orderly end, as soon as this request is left."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, *_):
        """Says nothing: only faults are news."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def shutdown_request(self, request):
        # The inherited one says an orderly end first, and then a reset comes too late.
        self.close_request(request)

    def handle_error(self, request, client_address):
        # A client that leaves in the middle is no news either.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def tell(fault, request):
    sys.stdout.write(f"{fault} {request}\n")
    sys.stdout.flush()


def rate(text):
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"rate `{text}` is not allowed: 0 to 1 is")
    return value


def main():
    parser = argparse.ArgumentParser(description="HTTP proxy that fails on purpose; rates are from 0 to 1")
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1 (default: a free port)")
    parser.add_argument("--upstream", required=True, metavar="HOST:PORT", help="the store")
    parser.add_argument("--seed", type=int, default=1)
    for fault, meaning in FAULTS.items():
        parser.add_argument(f"--{fault}", type=rate, default=0.0, metavar="RATE", help=meaning)
    parser.add_argument("--delay", type=rate, default=0.0, metavar="RATE", help="wait first, up to --delay-ms")
    parser.add_argument("--delay-ms", type=float, default=1000.0)
    parser.add_argument("--only", default="", metavar="REGEX", help="only requests whose `METHOD PATH` matches")
    parser.add_argument("--most", type=int, default=-1, metavar="N", help="at most N faults, then none")
    arguments = parser.parse_args()
    if sum(getattr(arguments, fault.replace("-", "_")) for fault in FAULTS) > 1:
        parser.error("the rates of the faults add up to more than 1")
    Proxy.plan, Proxy.upstream = Plan(arguments), arguments.upstream
    server = Server(("127.0.0.1", arguments.port), Proxy)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
