"""The project as a whole: layout, imports, types, style, and a README that tells the truth."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from guardbee.plugins.grid import compose
from guardbee.plugins.overrides import split

ROOT = Path(__file__).parents[1]
ROOMS = ("conf", "evals", "fixtures", "plugins", "reports")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tracked() -> list[str]:
    """Return the files that git tracks, or would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(name for name in set(listed) if (ROOT / name).is_file())


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("importlinter.cli", "lint")],
    ids=["ruff-check", "ruff-format", "mypy", "import-linter"],
)
def test_a_checker_has_no_complaint(command: tuple[str, ...]) -> None:
    """Style, format, types and the direction of imports."""
    if command[0] == "importlinter.cli":
        command = ("-c", "from importlinter.cli import lint_imports_command as lint; lint()")
    else:
        command = ("-m", *command)
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_every_package_is_in_the_wheel() -> None:
    """The list of setuptools names exactly the packages of the tree."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {f"guardbee.{path.parent.relative_to(ROOT).as_posix().replace('/', '.')}"
             for room in ROOMS for path in (ROOT / room).rglob("__init__.py")}  # fmt: skip
    assert sorted(listed) == sorted(found)


def test_the_top_level_is_fixed() -> None:
    """Seven parts and a few files; nothing else grows there."""
    top = {name.split("/")[0] for name in tracked()}
    allowed = {*ROOMS, "tests", "conftest.py", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}
    assert {name for name in top if not name.startswith(".")} == allowed


def test_the_readme_captions_every_module() -> None:
    """The tree in the README has each module of the five rooms, and none that is gone."""
    tree = README.split("## The tree", 1)[1].split("```", 2)[1]
    captioned = set(re.findall(r"^\s*(\S+\.(?:py|mjs))\s+# \S", tree, re.MULTILINE))
    modules = {Path(n).name for n in tracked() if n.split("/")[0] in ROOMS and n.endswith((".py", ".mjs"))}
    modules -= {"__init__.py"}
    assert captioned - modules == set(), "captions of files that are gone"
    assert modules - captioned == set(), "files without a caption"


def test_no_module_is_called_after_nothing() -> None:
    """A module's name says its concern."""
    assert not [n for n in tracked() if Path(n).name in ("utils.py", "helpers.py", "misc.py", "common.py")]


def test_no_module_grows_beyond_reading() -> None:
    """300 lines are the limit of a module outside the tests."""
    modules = [name for name in tracked() if name.endswith(".py") and name.split("/")[0] in ROOMS]
    long = {name: lines for name in modules if (lines := len((ROOT / name).read_text().splitlines())) > 300}
    assert long == {}


def shown(program: str) -> list[list[str]]:
    """Return the arguments of each command line of a program that the README shows."""
    lines = re.findall(rf"^\$ (?:.* && )?{program} (.*)$", README, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize("arguments", shown("pytest"), ids=" ".join)
def test_the_evaluations_of_the_readme_compose(arguments: list[str]) -> None:
    """Every override that the README shows is one that the configuration takes."""
    paths, overrides = split(arguments, ROOT)
    compose(overrides)
    assert paths[0] in ("evals/", "tests/")


@pytest.mark.parametrize("arguments", shown("guardbee"), ids=" ".join)
def test_the_commands_of_the_readme_exist(arguments: list[str], tmp_path: Path) -> None:
    """Every guardbee command that the README shows runs, on an empty registry: a clear answer and no traceback."""
    program = Path(sys.executable).with_name("guardbee")
    environment = {**os.environ, "GUARDBEE_REGISTRY": f"sqlite:///{tmp_path}/registry.sqlite"}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr
    assert "Usage:" not in done.stderr, "the program does not know these arguments"
