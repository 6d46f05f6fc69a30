"""Makes small safetensors files with the reference implementation, with every dtype that torch has."""

import base64

import safetensors
import torch
from _fixture import write
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


write("checkpoint", {"files": {name: file(*case) for name, case in cases.items()}}, ["safetensors", "torch"])
