"""Crafted candidates: clean ones, and bad ones that differ from a clean one in exactly one planted property."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.specimens import formats
from tests.specimens.candidate import FolderCandidate, candidate, write

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
APACHE = "                                 Apache License\n                           Version 2.0, January 2004\n"
MIT = "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software\n"
CARD = """---
license: apache-2.0
base_model: hive/queen
language: [en]
---
# Worker

A small model that answers questions about bees, fine-tuned from the queen on ten thousand questions of beekeepers.

## Limitations
TBD
"""
METADATA = """Metadata-Version: 2.2
Name: llm-worker
Version: 0.1.2
License: Apache-2.0
License-File: LICENSE

# llm-worker

This plugin bundles a quantized version of the [Worker](https://huggingface.co/hive/worker) model by the hive's makers.
"""


@dataclass(frozen=True)
class Specimen:
    """One crafted candidate, the check that it is about, and what the operator says of its licence."""

    name: str
    check: str
    build: Callable[[Path], FolderCandidate]
    declared: str | None = None
    in_files: bool = True
    """The files alone carry it; else it is in what acquisition would have to record of them."""


def hub_files() -> dict[str, bytes | str]:
    """Return a clean repository as the hub serves it."""
    return {
        "README.md": CARD,
        "LICENSE": APACHE,
        "config.json": json.dumps({"model_type": "llama", "_attn_implementation_autoset": True, "hidden_size": 8}),
        "generation_config.json": json.dumps({"eos_token_id": 2}),
        "model.safetensors": formats.two_tensors(),
        "tokenizer.json": json.dumps({"model": {"vocab": {"auto_map": 0, "trust_remote_code": 1}}}),
        "tokenizer_config.json": json.dumps({"chat_template": CHATML, "tokenizer_class": "PreTrainedTokenizerFast"}),
    }


def wheel_files() -> dict[str, bytes | str]:
    """Return a clean candidate out of a wheel: one GGUF file, the METADATA as its card."""
    metadata = {"general.architecture": "llama", "general.license": "apache-2.0", "tokenizer.chat_template": CHATML}
    return {"README.md": METADATA, "LICENSE": APACHE, "worker.gguf": formats.gguf(metadata)}


def sharded_files() -> dict[str, bytes | str]:
    """Return a clean candidate in two shards, with a sentencepiece vocabulary and an elaborate template."""
    template = (
        "{%- set ns = namespace(last=0) -%}{%- for m in messages if m.role in ['user', 'tool'] -%}"
        "{%- if loop.index0 > 8 %}{% break %}{% endif -%}{%- set ns.last = loop.index0 -%}"
        "{%- if m.tools is defined %}{{ m.tools | selectattr('name', 'equalto', 'x') | list | tojson }}{% endif -%}"
        "{{ messages[(messages | length) - 1]['content'][1:] | trim }}"
        "{% generation %}{{ m['content'] }}{% endgeneration %}{%- endfor -%}"
        "{%- if not messages %}{{ raise_exception('no messages') }}{% endif -%}{{ strftime_now('%d %b') }}"
    )
    index = {
        "metadata": {"total_size": 48},
        "weight_map": {"a": "model-1-of-2.safetensors", "c": "model-2-of-2.safetensors"},
    }
    files = hub_files()
    del files["model.safetensors"], files["LICENSE"]
    return files | {
        "README.md": CARD + "\n```python\nimport os\n\ndef run():\n    os.system('ls')\n```\n",
        "model-1-of-2.safetensors": formats.two_tensors(),
        "model-2-of-2.safetensors": formats.safetensors({"c": formats.tensor(0, 4)}, bytes(4)),
        "model.safetensors.index.json": json.dumps(index),
        "tokenizer.model": formats.sentencepiece(),
        "chat_template.jinja": template,
        "merges.txt": "#version: 0.2\nimport os\nc a\n",
        "vocab.txt": "class\ndef\nimport\n(\n.\nthe\n",
    }


def clean(files: Callable[[], dict[str, bytes | str]]) -> Callable[[Path], FolderCandidate]:
    """Return a builder of a clean candidate."""
    return planted(files, {})


def planted(
    files: Callable[[], dict[str, bytes | str]], changes: dict[str, bytes | str | None]
) -> Callable[[Path], FolderCandidate]:
    """Return a builder of a candidate with some files put in, replaced, or (``None``) left out."""

    def build(folder: Path) -> FolderCandidate:
        merged = files() | changes
        write(folder, {name: content for name, content in merged.items() if content is not None})
        return candidate(folder)

    return build


def _zipped_pickle() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", formats.poisoned_pickle())
        archive.writestr("archive/version", "3\n")
    return buffer.getvalue()


def _compressed_pickle() -> bytes:
    """Return what ``joblib.dump`` writes with compression."""
    return zlib.compress(formats.poisoned_pickle())


def _object_array() -> bytes:
    """Return an array of objects as numpy writes it: a header, then a pickle."""
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + formats.poisoned_pickle(3)


def _nested_archive() -> bytes:
    """Return a tar archive with a zip archive with a pickle in it."""
    buffer, inner = io.BytesIO(), _zipped_pickle()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("weights.zip")
        entry.size = len(inner)
        archive.addfile(entry, io.BytesIO(inner))
    return buffer.getvalue()


def _linked(folder: Path) -> FolderCandidate:
    """Record a folder, then replace one file by a link to a file of the same content beside the folder."""
    inside = folder / "inside"
    write(inside, hub_files())
    recorded = candidate(inside)
    config = inside / "config.json"
    (folder / "secret").write_bytes(config.read_bytes())
    config.unlink()
    config.symlink_to(folder / "secret")
    return recorded


def _outside(folder: Path) -> FolderCandidate:
    inside = folder / "inside"
    write(inside, hub_files())
    recorded = candidate(inside)
    (folder / "config.json").write_bytes((inside / "config.json").read_bytes())
    moved = tuple(
        replace(file, name="../config.json") if file.name == "config.json" else file for file in recorded.files
    )
    (inside / "config.json").unlink()
    return replace(recorded, files=moved)


def _stray(folder: Path) -> FolderCandidate:
    write(folder, hub_files())
    recorded = candidate(folder)
    write(folder, {"added_later.json": "{}"})
    return recorded


def _changed(folder: Path) -> FolderCandidate:
    write(folder, hub_files())
    recorded = candidate(folder)
    content = bytearray((folder / "model.safetensors").read_bytes())
    content[-1] ^= 1
    write(folder, {"model.safetensors": bytes(content)})
    return recorded


def _branch(folder: Path) -> FolderCandidate:
    write(folder, hub_files())
    return candidate(folder, source="hf:hive/worker@main", revision="main")


def _config(**settings: object) -> dict[str, bytes | str | None]:
    return {"config.json": json.dumps({"model_type": "llama", **settings})}


def _template(text: str) -> dict[str, bytes | str | None]:
    return {"tokenizer_config.json": json.dumps({"chat_template": text})}


_TENSORS = formats.two_tensors()
_OVERLAP = formats.safetensors({"a": formats.tensor(0, 16), "b": formats.tensor(8, 24)}, bytes(24))
_GAP = formats.safetensors({"a": formats.tensor(0, 8), "b": formats.tensor(12, 24)}, bytes(24))
_LIE = formats.safetensors({"a": formats.tensor(0, 8)}, bytes(8), length=2**40)
_WIDE = formats.safetensors({"a": formats.tensor(0, 8) | {"shape": [2**40]}}, bytes(8))
_ESCAPE = "{{ cycler.__init__.__globals__.os.popen('true').read() }}"
_LONE_INDEX = json.dumps({"weight_map": {"a": "../../elsewhere.safetensors"}})

# Name, what is changed against the clean repository.
_BAD_FILES: tuple[tuple[str, dict[str, bytes | str | None]], ...] = (
    ("pickle as pytorch_model.bin", {"pytorch_model.bin": formats.poisoned_pickle()}),
    ("pickle renamed .safetensors", {"model.safetensors": formats.poisoned_pickle(4)}),
    ("text pickle renamed vocab.txt", {"vocab.txt": formats.poisoned_pickle(0)}),
    ("pickle in a zip as .bin", {"pytorch_model.bin": _zipped_pickle()}),
    ("pickle in a zip renamed .safetensors", {"model.safetensors": _zipped_pickle()}),
    ("pickle compressed by joblib", {"vectorizer.joblib": _compressed_pickle()}),
    ("pickle in an object array", {"table.npy": _object_array()}),
    ("pickle in nested archives", {"extra.tar": _nested_archive()}),
    ("overlapping tensors", {"model.safetensors": _OVERLAP}),
    ("gap between tensors", {"model.safetensors": _GAP}),
    ("header that lies about its size", {"model.safetensors": _LIE}),
    ("shape that lies about the size", {"model.safetensors": _WIDE}),
    ("truncated shard", {"model.safetensors": _TENSORS[:-5]}),
    ("bytes after the last tensor", {"model.safetensors": _TENSORS + b"PK\x03\x04"}),
    ("index that leads out", {"model.safetensors.index.json": _LONE_INDEX}),
    ("template that reads attributes", _template(_ESCAPE)),
    ("template with |attr", _template("{{ messages|attr('x')|attr('y') }}")),
    ("template that spells a name in parts", _template("{{ messages['__cl' ~ 'ass__'] }}")),
    ("template that includes", _template("{% include '/etc/hostname' %}")),
    ("template file that reads attributes", {"chat_template.jinja": _ESCAPE}),
    ("config with auto_map", _config(auto_map={"AutoModel": "modeling.Model"})),
    ("config with remote code", _config(text_config={"trust_remote_code": True})),
    ("attention implementation with a path", _config(attn_implementation="somebody/kernel")),
    ("internal attention implementation", _config(_attn_implementation_internal="eager")),
    ("ELF as .json", {"extra.json": b"\x7fELF\x02\x01\x01" + bytes(64)}),
    ("Python as .txt", {"notes.txt": "import os\n\nos.system('true')\n"}),
    ("Python module", {"modeling_worker.py": "class Model:\n    pass\n"}),
    ("shell script", {"run": "#!/bin/sh\ntrue\n"}),
    ("tar archive", {"extra.dat": bytes(257) + b"ustar" + bytes(250)}),
    ("no weights", {"model.safetensors": None}),
)
_BAD_GGUF: tuple[tuple[str, bytes], ...] = (
    ("GGUF with absurd key count", formats.gguf({"general.architecture": "llama"}, keys=2**60)),
    ("GGUF with absurd tensor count", formats.gguf({"general.architecture": "llama"}, tensors=2**32)),
    ("GGUF with a tail", formats.gguf({"general.architecture": "llama"}, tail=bytes(64))),
    ("GGUF truncated", formats.gguf({"general.architecture": "llama"})[:-8]),
    ("GGUF with a poisoned template", formats.gguf({"tokenizer.chat_template": _ESCAPE})),
)
_BAD_LICENCES: tuple[tuple[str, dict[str, bytes | str | None], str | None], ...] = (
    ("denied licence", {"README.md": CARD.replace("apache-2.0", "cc-by-nc-4.0"), "LICENSE": None}, None),
    ("contradictory licence", {"README.md": CARD.replace("apache-2.0", "mit")}, None),
    ("licence text with a rider", {"LICENSE": APACHE + '\n"Commons Clause" License Condition v1.0\n'}, None),
    ("licence that the operator contradicts", {}, "gemma"),
    ("other without a name", {"README.md": CARD.replace("apache-2.0", "other")}, None),
    ("no licence at all", {"README.md": CARD.replace("license: apache-2.0\n", ""), "LICENSE": None}, None),
    ("base model with binding terms", {"README.md": CARD.replace("hive/queen", "meta-llama/Llama-3.2-1B")}, None),
)
_BAD_CARDS: tuple[tuple[str, dict[str, bytes | str | None]], ...] = (
    ("no card", {"README.md": None}),
    ("empty card", {"README.md": "---\n---\n# Worker\n\n[More Information Needed]\n"}),
    ("card that names no origin", {"README.md": CARD.replace("base_model: hive/queen\n", "")}),
)

CLEAN: tuple[tuple[str, Callable[[Path], FolderCandidate]], ...] = (
    ("hub repository", clean(hub_files)),
    ("wheel with a GGUF file", clean(wheel_files)),
    ("sharded repository", clean(sharded_files)),
)
BAD: tuple[Specimen, ...] = (
    *(Specimen(name, "artifacts", planted(hub_files, changes)) for name, changes in _BAD_FILES),
    *(Specimen(name, "artifacts", planted(wheel_files, {"worker.gguf": content})) for name, content in _BAD_GGUF),
    Specimen("symbolic link out", "artifacts", _linked, in_files=False),
    Specimen("name that leads out", "artifacts", _outside, in_files=False),
    Specimen("file that nobody recorded", "artifacts", _stray, in_files=False),
    Specimen("weights changed after recording", "provenance", _changed, in_files=False),
    Specimen("branch instead of a commit", "provenance", _branch, in_files=False),
    *(Specimen(name, "licence", planted(hub_files, changes), said) for name, changes, said in _BAD_LICENCES),
    *(Specimen(name, "card", planted(hub_files, changes)) for name, changes in _BAD_CARDS),
)
