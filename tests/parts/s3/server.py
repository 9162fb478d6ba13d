"""An S3 work-alike in memory: moto, one request at a time. In: a port and a bucket. Out: S3 over HTTP on 127.0.0.1.

With `--keys` it knows one user, who may do nothing yet, and refuses everybody else as S3 does: by the key, by the signature,
by the rights. Without it everybody may do everything.

Why not `moto_server`: it answers each request in a thread of its own, and its PUT with `If-None-Match: *` looks first
and writes later. With Python's usual 5 ms between switches of threads that went well in 3 of 3 proofs; with 1 microsecond
two writers were told that they won in 2 of 3, which is the very thing a test of commits is about. Here a request is
read whole, and only then answered under one lock: 3 of 3 went well with 1 microsecond.
"""

import argparse
import io
import logging
import threading
from pathlib import Path

from moto import settings
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

# The one account that moto has.
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


def guard(path):
    """Lets nobody in but a user of no rights, whose key and secret go to the file."""
    users = iam_backends[ACCOUNT]["aws"]
    users.create_user(REGION, "walk")
    key = users.create_access_key("walk")
    path.write_text(f"{key.access_key_id}\n{key.secret_access_key}\n", encoding="utf-8")
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0


def main():
    parser = argparse.ArgumentParser(description="S3 work-alike in memory")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--folder", help="not read: it tells the servers of cargo xtask s3 apart")
    parser.add_argument("--keys", type=Path, help="check keys, signatures and rights; this file gets the key of a user of none")
    arguments = parser.parse_args()
    # One line per request would bury what matters.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    s3_backends[ACCOUNT]["global"].create_bucket(arguments.bucket, REGION)
    if arguments.keys:
        guard(arguments.keys)
    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    make_server("127.0.0.1", arguments.port, application, threaded=True, request_handler=KeepAlive).serve_forever()


if __name__ == "__main__":
    main()
