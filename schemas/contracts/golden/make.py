"""The ping contract's golden records, encoded by libraries that share nothing with Kayoi.

In: the three contract files beside this folder. Out: `pings.json` with each record as JSON text and as hex of Avro and
Protobuf, and one Avro container file per codec as hex. Run it again only when the contract changes:

    pip install fastavro cramjam backports.zstd grpcio-tools protobuf jsonschema
    python make.py
"""

import importlib
import importlib.metadata
import io
import json
import pathlib
import sys
import tempfile

import fastavro
import jsonschema
from grpc_tools import protoc

HERE = pathlib.Path(__file__).resolve().parent
CONTRACTS = HERE.parent

RECORDS = {
    "only what is required": {
        "device_id": "a", "timestamp": 1476670685000, "latitude": 35.681236, "longitude": 139.767125,
    },
    "every field": {
        "device_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "timestamp": 1700000000123, "latitude": 43.068564,
        "longitude": 141.350714, "horizontal_accuracy": 12.5, "speed": 1.25, "source": "gps", "os": "android",
        "consent": "2026-04", "age_band": "30-39", "sex": "f",
    },
    "text beyond ASCII and a word in capitals": {
        "device_id": "端末-1", "timestamp": 1, "latitude": -24.5, "longitude": -123.9, "source": "WIFI", "consent": "同意-1",
    },
    "an unknown source and an accuracy of zero": {
        "device_id": "b", "timestamp": 9007199254740991, "latitude": 26.2124, "longitude": 127.6809,
        "horizontal_accuracy": 0.0, "source": "pigeon",
    },
    "before 1970": {
        "device_id": "c", "timestamp": -1, "latitude": 90.0, "longitude": -180.0, "horizontal_accuracy": 0.1, "source": "fused",
    },
}


def proto_class():
    """Compiles the .proto file with protoc and returns its message class."""
    folder = tempfile.mkdtemp()
    if protoc.main(["protoc", f"-I{CONTRACTS}", f"--python_out={folder}", str(CONTRACTS / "ping.proto")]):
        sys.exit("protoc refuses ping.proto")
    sys.path.insert(0, folder)
    return importlib.import_module("ping_pb2").Ping


def main():
    schema = fastavro.parse_schema(json.loads((CONTRACTS / "ping.avsc").read_text()))
    validator = jsonschema.Draft202012Validator(json.loads((CONTRACTS / "ping.schema.json").read_text()))
    ping = proto_class()
    rows = []
    for name, record in RECORDS.items():
        validator.validate(record)
        avro = io.BytesIO()
        fastavro.schemaless_writer(avro, schema, record)
        rows.append({
            "name": name,
            "record": record,
            "avro": avro.getvalue().hex(),
            "protobuf": ping(**record).SerializeToString(deterministic=True).hex(),
        })
    containers = {}
    for codec in ["null", "deflate", "snappy", "zstandard"]:
        file = io.BytesIO()
        # The smallest interval gives one block per record.
        fastavro.writer(file, schema, RECORDS.values(), codec=codec, sync_interval=1, sync_marker=b"0123456789abcdef")
        containers[codec] = file.getvalue().hex()
    made_with = {name: importlib.metadata.version(name) for name in ["fastavro", "protobuf"]}
    golden = {"made_with": made_with, "records": rows, "containers": containers}
    (HERE / "pings.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")


main()
