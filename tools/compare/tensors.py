"""safetensors files: eight bytes of length, a header in JSON, the data."""

import json
import math
import struct

import torch

TYPES = {"F32": (torch.float32, 4), "I64": (torch.int64, 8)}


def read(path):
    """The metadata and the tensors of a file."""
    with open(path, "rb") as f:
        data = f.read()
    (n,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + n])
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        kind, size = TYPES[entry["dtype"]]
        (begin, end), shape = entry["data_offsets"], entry["shape"]
        if end - begin != size * math.prod(shape):
            raise ValueError(f"{path}: {name} has {end - begin} bytes, which is not its shape, {shape}")
        flat = torch.frombuffer(bytearray(data[8 + n + begin : 8 + n + end]), dtype=kind)
        tensors[name] = flat.reshape(shape)
    return metadata, tensors


def write(path, tensors):
    """A file of these tensors."""
    header, body = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        kind = next(k for k, (dtype, _) in TYPES.items() if dtype == tensor.dtype)
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + body)
