"""Makes small safetensors files with the reference implementation, with every dtype that torch has; reads one of ours."""

import base64
import hashlib
import json
import tempfile

import safetensors
import torch
from _fixture import write
from safetensors import safe_open
from safetensors.torch import save

# Each dtype: torch's name, and values whose bytes have no symmetry.
DTYPES = {
    "BOOL": (torch.bool, [1, 0, 1]),
    "U8": (torch.uint8, [1, 2, 255]),
    "I8": (torch.int8, [1, -2, 127]),
    "F8_E5M2": (torch.float8_e5m2, [1, -2, 0.5]),
    "F8_E4M3": (torch.float8_e4m3fn, [1, -2, 0.5]),
    "F8_E8M0": (torch.float8_e8m0fnu, [1, 2, 0.5]),
    "F8_E4M3FNUZ": (torch.float8_e4m3fnuz, [1, -2, 0.5]),
    "F8_E5M2FNUZ": (torch.float8_e5m2fnuz, [1, -2, 0.5]),
    "I16": (torch.int16, [1, -2, 32767]),
    "U16": (torch.uint16, [1, 2, 65535]),
    "F16": (torch.float16, [1, -2, 0.333251953125]),
    "BF16": (torch.bfloat16, [1, -2, 0.333984375]),
    "I32": (torch.int32, [1, -2, 2**31 - 1]),
    "U32": (torch.uint32, [1, 2, 2**32 - 1]),
    "F32": (torch.float32, [1, -2, 0.1]),
    "C64": (torch.complex64, [1 + 2j, -2, 0.5j]),
    "F64": (torch.float64, [1, -2, 0.1]),
    "I64": (torch.int64, [1, -2, 2**53 + 1]),
    "U64": (torch.uint64, [1, 2, 2**64 - 1]),
}


# A cast goes through float32 or int64 first: too narrow for some, and missing in torch for others.
BY_CONSTRUCTOR = (torch.float64, torch.int64, torch.uint16, torch.uint32, torch.uint64)


def tensor(dtype, values):
    return torch.tensor(values, dtype=dtype) if dtype in BY_CONSTRUCTOR else torch.tensor(values).to(dtype)


cases = {
    # Every dtype, shape [3]; names in an order that is neither theirs in the file nor the dtypes'.
    "dtypes": ({name: tensor(*spec) for name, spec in DTYPES.items()}, {"format": "pt"}),
    "empty": ({}, None),
    "metadata only": ({}, {"note": 'quote " and backslash \\ and é'}),
    "scalar and nothing": ({"scalar": torch.tensor(2.5), "none": torch.zeros(3, 0, 2)}, None),
    # UTF-8 puts the fullwidth letter (U+FF41) before the emoji (U+1F600); UTF-16 the other way round.
    "names": ({name: torch.zeros(1) for name in ["b", "a\n", "ａ", "😀", "é", "10", "2", ""]}, None),
    "network": ({"conv.weight": torch.ones(2, 3, 2, 2), "bn.steps": torch.tensor(7)}, {"step": "7"}),
}


def file(tensors, metadata):
    data = save(tensors, metadata)
    assert {name for name, _ in safetensors.deserialize(data)} == tensors.keys()
    return base64.b64encode(data).decode()


# A checkpoint of ours, the bytes of saveCheckpoint: step 7, score 0.5, three tensors of 1 and -2.
CHECKPOINT = """
yAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJzaGEyNTYiOiJkNGVjZGU1YzExNTA1MjU1M2U4M2E3ZDQyZGFhNTdlMTQ3MDNkOWJh
ODY4Nzk0YjY2YmRhOTkyNWZmZmIzODYwIiwibWV0YWRhdGFTaGEyNTYiOiJmYzc4Y2I1NjY1YzIxYjdlZDUyMTcyOTJiYmYyMTJm
NmYyMDQ4YWYxNmEzMTM5ZTA2MjE0ZWY1Y2IxZjU0OTc4Iiwic3RlcCI6IjciLCJnZW5lcmF0aW9uIjoiMCIsInNjb3JlIjoiMC41
Iiwic3RhdGUiOiJ7XCJjdXJzb3JcIjp7XCJlcG9jaFwiOjEsXCJpbmRleFwiOjJ9LFwibm90ZVwiOlwiw6lcIn0ifSwidyI6eyJk
dHlwZSI6IkYzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJiZjE2Ijp7ImR0eXBlIjoiQkYxNiIsInNoYXBl
IjpbMl0sImRhdGFfb2Zmc2V0cyI6WzgsMTJdfSwiZjE2Ijp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRz
IjpbMTIsMTZdfX0gICAAAIA/AAAAwIA/AMAAPADA
"""


def read_checkpoint(data):
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        file.write(data)
        file.flush()
        with safe_open(file.name, "pt") as opened:
            metadata = dict(sorted(opened.metadata().items()))
            tensors = {name: opened.get_tensor(name).tolist() for name in opened.keys()}
    json.loads(metadata["state"])
    # The checksum is that of the file with 64 zeros in its place; the other one that of the texts below it as JSON.
    at = data.index(metadata["sha256"].encode())
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    texts = {key: text for key, text in header["__metadata__"].items() if key not in ("sha256", "metadataSha256")}
    text = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()
    return {
        "base64": base64.b64encode(data).decode(),
        "tensors": tensors,
        "metadata": metadata,
        "sha256": hashlib.sha256(data[:at] + b"0" * 64 + data[at + 64 :]).hexdigest(),
        "metadataSha256": hashlib.sha256(text).hexdigest(),
    }


values = {
    "files": {name: file(*case) for name, case in cases.items()},
    "checkpoint": read_checkpoint(base64.b64decode(CHECKPOINT)),
}
write("checkpoint", values, ["safetensors", "torch"])
