"""An S3 work-alike in memory: moto, one request at a time. In: a port and a bucket. Out: S3 over HTTP on 127.0.0.1.

Why not `moto_server`: it answers each request in a thread of its own, and its PUT with `If-None-Match: *` looks first
and writes later. With Python's usual 5 ms between switches of threads that went well in 3 of 3 proofs; with 1 microsecond
two writers were told that they won in 2 of 3, which is the very thing a test of commits is about. Here a request is
read whole, and only then answered under one lock: 3 of 3 went well with 1 microsecond.
"""

import argparse
import io
import logging
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

# Signatures are not checked, so the account is moto's own.
ACCOUNT = "123456789012"
REGION = "us-east-1"


class OneAtATime:
    """A WSGI application that answers one request at a time; slow senders do not hold up the others."""

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()

    def __call__(self, environment, start_response):
        if not environment.get("wsgi.input_terminated"):
            length = int(environment.get("CONTENT_LENGTH") or 0)
            body = environment["wsgi.input"].read(length)
            if len(body) < length:
                # A sender that broke off: S3 would not store half an object.
                start_response("400 Bad Request", [("Content-Length", "0")])
                return []
        else:
            body = environment["wsgi.input"].read()
            environment["CONTENT_LENGTH"] = str(len(body))
        environment["wsgi.input"] = io.BytesIO(body)
        with self.lock:
            answer = self.application(environment, start_response)
            try:
                return [b"".join(answer)]
            finally:
                if hasattr(answer, "close"):
                    answer.close()


class KeepAlive(MotoRequestHandler):
    """Keeps connections open, as S3 does: what a client does with a stale one should be seen here too."""

    protocol_version = "HTTP/1.1"


def main():
    parser = argparse.ArgumentParser(description="S3 work-alike in memory")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--folder", help="not read: it tells the servers of cargo xtask s3 apart")
    arguments = parser.parse_args()
    # One line per request would bury what matters.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    s3_backends[ACCOUNT]["global"].create_bucket(arguments.bucket, REGION)
    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    make_server("127.0.0.1", arguments.port, application, threaded=True, request_handler=KeepAlive).serve_forever()


if __name__ == "__main__":
    main()
