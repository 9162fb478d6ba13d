"""Whether an S3 store is safe for commits. In: its URL and a bucket. Out: a line per proof, exit code 0; else 1.

The requests are those of Rust's `object_store` (path style, version 4 signatures, whole bodies), because that is what a
lake sends. The proof that matters is the race: of many writers of one key with `If-None-Match: *` exactly one may be
told that it won, and its bytes must be what is read. Standard library only; all is written below one new prefix.
"""

import argparse
import base64
import datetime
import hashlib
import hmac
import http.client
import os
import sys
import threading
import urllib.parse
import xml.etree.ElementTree as ElementTree

ROUNDS = 40
WRITERS = 16
# More than one page of a listing.
MANY_KEYS = 1_050
# The smallest part that S3 takes, except for the last one.
PART_BYTES = 5 * 1024 * 1024
SPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class Unsafe(Exception):
    """What the store did instead of what S3 does."""


class Store:
    """Signed requests to one bucket, each on a connection of its own."""

    def __init__(self, url, bucket, key, secret, region):
        self.host = urllib.parse.urlsplit(url).netloc
        self.bucket, self.key, self.secret, self.region = bucket, key, secret, region

    def signature(self, date, text):
        key = f"AWS4{self.secret}".encode()
        for part in (date, self.region, "s3", "aws4_request", text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()

    def ask(self, method, name="", query=None, body=b"", headers=None):
        """Status, headers in small letters, and body of one request."""
        now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
        path = urllib.parse.quote(f"/{self.bucket}" + (f"/{name}" if name else ""))
        pairs = sorted((query or {}).items())
        text = "&".join(f"{k}={urllib.parse.quote(str(v), safe='-_.~')}" for k, v in pairs)
        digest = hashlib.sha256(body).hexdigest()
        signed = {"host": self.host, "x-amz-content-sha256": digest, "x-amz-date": now}
        names = ";".join(signed)
        lines = "".join(f"{k}:{v}\n" for k, v in signed.items())
        canonical = f"{method}\n{path}\n{text}\n{lines}\n{names}\n{digest}"
        scope = f"{now[:8]}/{self.region}/s3/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        authorization = (
            f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, "
            f"Signature={self.signature(now[:8], to_sign)}"
        )
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            target = path + (f"?{text}" if text else "")
            connection.request(method, target, body, signed | (headers or {}) | {"authorization": authorization})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()


def same(got, wanted, what):
    if got != wanted:
        shown = got if len(repr(got)) < 200 else f"{repr(got)[:200]}..."
        raise Unsafe(f"{what}: `{shown}` instead of `{wanted}`")


def create_once(store, prefix):
    name = f"{prefix}/00000000000000000001.json"
    same(store.ask("PUT", name, body=b"first", headers={"if-none-match": "*"})[0], 200, "creating a new key")
    same(store.ask("PUT", name, body=b"second", headers={"if-none-match": "*"})[0], 412, "creating a key that exists")
    same(store.ask("GET", name)[2], b"first", "the bytes after a refused creation")


def statuses_of_race(store, name, bodies):
    """What each of the writers of one key is told, when all begin together."""
    statuses = [None] * WRITERS
    start = threading.Barrier(WRITERS)

    def write(writer):
        start.wait()
        statuses[writer] = store.ask("PUT", name, body=bodies[writer], headers={"if-none-match": "*"})[0]

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def race(store, prefix):
    for number in range(ROUNDS):
        name = f"{prefix}/race/{number:020}.json"
        # From a few bytes to more than one network packet holds, so that bodies arrive at different times.
        bodies = [os.urandom(16) + bytes(writer * 8_192) for writer in range(WRITERS)]
        statuses = statuses_of_race(store, name, bodies)
        winners = [writer for writer, status in enumerate(statuses) if status == 200]
        same(len(winners), 1, f"winners of round {number} (statuses {statuses})")
        # 409 is S3's word for two at the same instant.
        same({*statuses} <= {200, 412, 409}, True, f"answers of round {number} ({statuses}) are 200, 412 or 409")
        same(store.ask("GET", name)[2] == bodies[winners[0]], True, f"the winner's bytes in round {number}")


def update_if_unchanged(store, prefix):
    name = f"{prefix}/pointer"
    old = store.ask("PUT", name, body=b"old")[1]["etag"]
    same(store.ask("PUT", name, body=b"new", headers={"if-match": old})[0], 200, "replacing a known version")
    same(store.ask("PUT", name, body=b"late", headers={"if-match": old})[0], 412, "replacing a version that is gone")
    same(store.ask("GET", name)[2], b"new", "the bytes after a refused replacement")


def listing(store, prefix):
    wanted = [f"{prefix}/many/{number:020}.json" for number in range(MANY_KEYS)]
    for name in wanted:
        same(store.ask("PUT", name, body=b"x")[0], 200, "writing a key")
    names, query, pages = [], {"list-type": "2", "prefix": f"{prefix}/many/"}, 0
    while True:
        status, _, body = store.ask("GET", query=query)
        same(status, 200, "a listing")
        page = ElementTree.fromstring(body)
        names += [key.text for key in page.iter(f"{SPACE}Key")]
        pages += 1
        token = page.findtext(f"{SPACE}NextContinuationToken")
        if not token:
            break
        query["continuation-token"] = token
    same(names, wanted, "all keys in order")
    same(pages > 1, True, "a listing in pages")
    after = {"list-type": "2", "prefix": f"{prefix}/many/", "start-after": wanted[-3]}
    page = ElementTree.fromstring(store.ask("GET", query=after)[2])
    same([key.text for key in page.iter(f"{SPACE}Key")], wanted[-2:], "the keys after one")
    folders = {"list-type": "2", "prefix": f"{prefix}/", "delimiter": "/"}
    page = ElementTree.fromstring(store.ask("GET", query=folders)[2])
    prefixes = [folder.findtext(f"{SPACE}Prefix") for folder in page.iter(f"{SPACE}CommonPrefixes")]
    same(f"{prefix}/many/" in prefixes, True, "folders of a listing with a delimiter")


def multipart(store, prefix):
    name = f"{prefix}/part-00000.parquet"
    parts = [os.urandom(PART_BYTES), os.urandom(PART_BYTES), os.urandom(1_000)]
    status, _, body = store.ask("POST", name, {"uploads": ""})
    same(status, 200, "beginning an upload")
    upload = ElementTree.fromstring(body).findtext(f"{SPACE}UploadId")
    entries = {}
    # Out of order, as parallel uploads finish.
    for number in (3, 1, 2):
        status, headers, _ = store.ask("PUT", name, {"partNumber": number, "uploadId": upload}, parts[number - 1])
        same(status, 200, "sending a part")
        entries[number] = f"<Part><ETag>{headers['etag']}</ETag><PartNumber>{number}</PartNumber></Part>"
    same(store.ask("HEAD", name)[0], 404, "an upload that is not finished")
    listed = "".join(entries[number] for number in sorted(entries))
    whole = f'<CompleteMultipartUpload xmlns="{SPACE[1:-1]}">{listed}</CompleteMultipartUpload>'.encode()
    same(store.ask("POST", name, {"uploadId": upload}, whole)[0], 200, "finishing an upload")
    everything = b"".join(parts)
    same(store.ask("GET", name)[2] == everything, True, "the bytes of an upload")
    given_up = f"{name}.given-up"
    upload = ElementTree.fromstring(store.ask("POST", given_up, {"uploads": ""})[2]).findtext(f"{SPACE}UploadId")
    same(store.ask("DELETE", given_up, {"uploadId": upload})[0], 204, "giving an upload up")
    return name, everything


def ranges(store, name, everything):
    size = len(everything)
    for text, wanted in (
        ("bytes=0-9", everything[:10]),
        (f"bytes={PART_BYTES - 5}-{PART_BYTES + 4}", everything[PART_BYTES - 5 : PART_BYTES + 5]),
        (f"bytes={size - 7}-", everything[-7:]),
        ("bytes=-8", everything[-8:]),
    ):
        status, headers, body = store.ask("GET", name, headers={"range": text})
        same((status, body), (206, wanted), f"range {text}")
        same(headers["content-range"].endswith(f"/{size}"), True, f"the size in the answer to range {text}")
    same(int(store.ask("HEAD", name)[1]["content-length"]), size, "the size of an object")


def removal(store, prefix):
    names = [f"{prefix}/gone/{number}" for number in range(3)]
    for name in names:
        store.ask("PUT", name, body=b"x")
    same(store.ask("DELETE", names[0])[0], 204, "removing a key")
    objects = "".join(f"<Object><Key>{name}</Key></Object>" for name in names[1:])
    body = f"<Delete>{objects}</Delete>".encode()
    checksum = base64.b64encode(hashlib.md5(body).digest()).decode()
    same(store.ask("POST", query={"delete": ""}, body=body, headers={"content-md5": checksum})[0], 200, "removing many")
    same([store.ask("HEAD", name)[0] for name in names], [404, 404, 404], "keys that were removed")
    same(store.ask("PUT", names[0], body=b"y", headers={"if-none-match": "*"})[0], 200, "creating a removed key anew")


def prove(store):
    prefix = f"prove/{os.urandom(8).hex()}"
    create_once(store, prefix)
    print("a key is created once")
    race(store, prefix)
    print(f"of {WRITERS} writers of one key one wins, {ROUNDS} times of {ROUNDS}")
    update_if_unchanged(store, prefix)
    print("a version that is gone is not replaced")
    listing(store, prefix)
    print(f"a listing of {MANY_KEYS} keys is whole and in order")
    name, everything = multipart(store, prefix)
    print("an upload in parts is seen when it is finished, and whole")
    ranges(store, name, everything)
    print("ranges give their bytes")
    removal(store, prefix)
    print("what is removed is gone")


def main():
    parser = argparse.ArgumentParser(description="prove that an S3 store is safe for commits")
    parser.add_argument("--url", required=True)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--region", default="us-east-1")
    arguments = parser.parse_args()
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID", "kayoi"), os.environ.get("AWS_SECRET_ACCESS_KEY", "kayoi-secret")
    try:
        prove(Store(arguments.url, arguments.bucket, key, secret, arguments.region))
    except Unsafe as difference:
        sys.exit(f"prove.py: this store is not safe: {difference}")


if __name__ == "__main__":
    main()
