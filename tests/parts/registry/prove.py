"""Whether a schema registry answers as Confluent's does. In: its URL. Out: one line and exit code 0, else 1.

Only what a consumer relies on: an id comes back for a schema, the id gives the same schema, the same schema gives the
same id, and an unknown id is a 404 with Confluent's error code. Standard library only.
"""

import json
import sys
import urllib.error
import urllib.request

AVRO = {
    "type": "record",
    "name": "Ping",
    "fields": [{"name": "device", "type": "string"}, {"name": "latitude", "type": "double"}],
}
NEWER_AVRO = AVRO | {"fields": AVRO["fields"] + [{"name": "accuracy_m", "type": ["null", "float"], "default": None}]}
PROTOBUF = 'syntax = "proto3";\npackage kayoi;\n\nmessage Ping {\n  string device = 1;\n  double latitude = 2;\n}\n'
UNKNOWN_ID = 999_999
# Confluent's code for "schema not found".
SCHEMA_NOT_FOUND = 40403


def ask(url, body=None):
    """The status and the decoded answer of a GET, or of a POST when there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/vnd.schemaregistry.v1+json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def same(got, wanted, what):
    if got != wanted:
        sys.exit(f"prove.py: {what}: `{got}` instead of `{wanted}`")


def register(base, subject, schema):
    status, answer = ask(f"{base}/subjects/{subject}/versions", schema)
    same(status, 200, f"registering under {subject}")
    return answer["id"]


def main(base):
    avro = {"schema": json.dumps(AVRO)}
    avro_id = register(base, "avro-value", avro)
    same(register(base, "avro-value", avro), avro_id, "the id of a schema registered twice")
    same(register(base, "other-value", avro), avro_id, "the id of a schema under a second subject")
    status, answer = ask(f"{base}/schemas/ids/{avro_id}")
    same((status, json.loads(answer["schema"])), (200, AVRO), "the Avro schema of its id")
    same(answer.get("schemaType", "AVRO"), "AVRO", "the type of an Avro schema")

    newer_id = register(base, "avro-value", {"schema": json.dumps(NEWER_AVRO)})
    same(newer_id == avro_id, False, "one id for two schemas")
    same(ask(f"{base}/subjects/avro-value/versions")[1], [1, 2], "the versions of a subject")
    same(ask(f"{base}/subjects/avro-value/versions/latest")[1]["id"], newer_id, "the id of the newest version")

    protobuf_id = register(base, "protobuf-value", {"schemaType": "PROTOBUF", "schema": PROTOBUF})
    status, answer = ask(f"{base}/schemas/ids/{protobuf_id}")
    same((status, answer.get("schemaType")), (200, "PROTOBUF"), "the type of a Protobuf schema")
    same(answer["schema"].split(), PROTOBUF.split(), "the Protobuf schema of its id")

    status, answer = ask(f"{base}/schemas/ids/{UNKNOWN_ID}")
    same((status, answer.get("error_code")), (404, SCHEMA_NOT_FOUND), "an unknown id")
    print(f"Avro ids {avro_id} and {newer_id}, Protobuf id {protobuf_id}: as Confluent's registry answers")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: prove.py URL")
    main(sys.argv[1].rstrip("/"))
