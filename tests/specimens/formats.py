"""Writers of small weights files that can also lie: the libraries' own writers only write what is right."""

from __future__ import annotations

import json
import pickle
import struct
from typing import Any


def safetensors(header: dict[str, Any], buffer: bytes, *, length: int | None = None) -> bytes:
    """Return a safetensors file; ``length`` overrides what it says of its header."""
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + buffer


def tensor(begin: int, end: int, *, dtype: str = "F32") -> dict[str, Any]:
    """Return the header entry of a vector of 4-byte numbers between two offsets."""
    return {"dtype": dtype, "shape": [(end - begin) // 4], "data_offsets": [begin, end]}


def two_tensors() -> bytes:
    """Return a right file with two small tensors."""
    return safetensors({"__metadata__": {"format": "pt"}, "a": tensor(0, 8), "b": tensor(8, 24)}, bytes(24))


def gguf_string(text: str) -> bytes:
    """Return a string as GGUF writes it."""
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def gguf(metadata: dict[str, str], *, keys: int | None = None, tensors: int = 1, tail: bytes = b"") -> bytes:
    """Return a GGUF file with one tensor of eight 4-byte numbers; ``keys`` and ``tensors`` are what it claims."""
    head = b"GGUF" + struct.pack("<IQQ", 3, tensors, len(metadata) if keys is None else keys)
    for key, value in metadata.items():
        head += gguf_string(key) + struct.pack("<I", 8) + gguf_string(value)
    head += gguf_string("token_embd.weight") + struct.pack("<IQIQ", 1, 8, 0, 0)
    return head + bytes(-len(head) % 32) + bytes(32) + tail


class _Runs:
    """Pickles to a call of ``os.system``; only writing it is done here."""

    def __reduce__(self) -> tuple[Any, ...]:
        import os

        return os.system, ("true",)


def poisoned_pickle(protocol: int = 2) -> bytes:
    """Return a pickle that would run a (harmless) command when loaded."""
    return pickle.dumps({"weight": _Runs()}, protocol=protocol)


def sentencepiece(pieces: int = 3) -> bytes:
    """Return a vocabulary as sentencepiece writes it: field 1 of the message, one for each piece."""
    content = b""
    for index in range(pieces):
        text = f"▁piece{index}".encode()
        piece = b"\x0a" + bytes([len(text)]) + text + b"\x15" + struct.pack("<f", -float(index))
        content += b"\x0a" + bytes([len(piece)]) + piece
    return content
