"""Specimens through the whole chain, as a user would: YAML files, ``pytest evals/``, and what ``result.json`` says."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
SUITE = "specimens"
_NOWHERE = "http://127.0.0.1:9"
"""No hub: what base models' cards say is not looked up."""


@dataclass(frozen=True)
class Workplace:
    """Folders of one benchmark or test: a configuration of the user's own, a model store, a registry."""

    base: Path

    @property
    def store(self) -> Path:
        """The model store, into which probes' data are fetched anew."""
        return self.base / "store"

    def folder(self, name: str) -> Path:
        """Return where a specimen's files go; they are a candidate once ``enter`` says so."""
        return self.base / "files" / name

    def enter(self, name: str, settings: Mapping[str, object] | None = None, *, pinned: bool = True) -> None:
        """Write the YAML of a candidate. ``pinned``: every file by its sha256, as an operator does it."""
        folder = self.folder(name)
        entry: dict[str, object] = {"name": name, "source": f"file:{folder}", **(settings or {})}
        if pinned:
            paths = sorted(path for path in folder.rglob("*") if path.is_file())
            entry["files"] = [
                {
                    "name": path.relative_to(folder).as_posix(),
                    "parts": [f"file:{path}"],
                    "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                }
                for path in paths
            ]
        self._write("model", name, entry)

    def evaluate(self, models: Sequence[str], probes: Sequence[str], *arguments: str) -> Run:
        """Ask these models these probes, beside all compliance checks, in one run of pytest."""
        self._write("suite", SUITE, {"name": SUITE, "precision": ["fp32"]})
        out = self.base / "out"
        seen = set(out.glob("*"))
        axes = [f"model={','.join(models)}", *([f"safety={','.join(probes)}"] if probes else [])]
        command = [sys.executable, "-m", "pytest", "evals/", f"suite={SUITE}", *axes, f"report.out={out}"]
        command += ["-p", "no:cacheprovider", *arguments]
        own = {"GUARDBEE_CONF": str(self.base / "conf"), "GUARDBEE_REGISTRY": f"sqlite:///{self.base}/registry.sqlite"}
        own["GUARDBEE_MODELS_CACHE"] = str(self.store)
        own["HF_ENDPOINT"] = _NOWHERE
        environment = {**os.environ, **own}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        (folder,) = set(out.glob("*")) - seen or {out}
        path = folder / "result.json"
        results = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        return Run(done.returncode, done.stdout + done.stderr, {r["modelId"].partition("@")[0]: r for r in results})

    def _write(self, group: str, name: str, content: Mapping[str, object]) -> None:
        path = self.base / "conf" / group / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(dict(content)), encoding="utf-8")


@dataclass(frozen=True)
class Run:
    """What came of a run: exit code, what it printed, and each model's result."""

    code: int
    output: str
    results: Mapping[str, dict[str, Any]]

    def verdict(self, model: str) -> str:
        """Return the verdict of a model; ``none`` where the run gave it no result."""
        return str(self.results[model]["verdict"]) if model in self.results else "none"

    def stopped_by(self, model: str) -> dict[str, str]:
        """Return the verdict of every probe and check that a model did not pass, by name."""
        result = self.results.get(model, {"compliance": [], "safety": {"findings": []}})
        found = {entry["check"]: entry["verdict"] for entry in result["compliance"]}
        found |= {entry["probe"]: entry["verdict"] for entry in result["safety"]["findings"]}
        return {name: verdict for name, verdict in found.items() if verdict != "pass"}

    def never_fetched(self, model: str) -> bool:
        """Whether every case of a model is without a result."""
        result = self.results.get(model, {"planned": 0, "missing": []})
        return bool(result["planned"] > 0 and result["planned"] == len(result["missing"]))
