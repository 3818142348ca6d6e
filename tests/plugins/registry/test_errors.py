from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guardbee.evals.errors import RegistryError
from guardbee.plugins.registry import Registry
from tests.factories import evaluation_result

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "URL cannot be read"),
        ("sqlite://user:secret@host:port/x", "URL cannot be read"),
        ("oracel://host/x", "oracel"),
        ("sqlite:////proc/none/registry.sqlite", "Check that the folder or server exists"),
    ],
)
def test_a_url_that_is_no_good_is_one_error(url: str, message: str) -> None:
    """Whatever the driver raises, the user sees one error of ours; passwords stay out of it."""
    with pytest.raises(RegistryError, match=message) as caught:
        Registry.open(url)
    assert "secret" not in str(caught.value)


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    """Nor where the server cannot be reached or the driver is missing."""
    with pytest.raises(RegistryError) as caught:
        Registry.open(f"postgresql://user:secret@/db?host={tmp_path}")
    assert "secret" not in str(caught.value)
    assert "user:***@" in str(caught.value)


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    """A file that is no database is neither used nor overwritten."""
    file = tmp_path / "registry.sqlite"
    file.write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    before = file.read_bytes()
    with pytest.raises(RegistryError, match="The file is damaged or something else"):
        Registry.open(f"sqlite:///{file}")
    assert file.read_bytes() == before


@pytest.mark.parametrize(("version", "step"), [(99, "Upgrade guardbee"), (0, "the Guardbee that wrote it")])
def test_tables_of_another_version_are_refused(version: int, step: str, tmp_path: Path) -> None:
    """The message says which version was found, which is read, and what to do."""
    file = tmp_path / "registry.sqlite"
    Registry.open(f"sqlite:///{file}").close()
    with sqlite3.connect(file) as raw:
        raw.execute("UPDATE guardbee_schema_version SET version = ?", (version,))
    with pytest.raises(RegistryError, match=f"have version {version}, this Guardbee reads version 1.*{step}"):
        Registry.open(f"sqlite:///{file}")


def test_a_locked_registry_says_so(tmp_path: Path) -> None:
    """A writer that waited long enough gives up with an error of ours, and nothing is written."""
    url = f"sqlite:///{tmp_path}/registry.sqlite?timeout=0.05"
    with Registry.open(url) as registry:
        holder = sqlite3.connect(tmp_path / "registry.sqlite", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegistryError, match=re.escape("database is locked. Another process holds it")):
            registry.record([evaluation_result()], finished_at=NOON)
        holder.close()
        assert registry.variants() == []


def test_a_read_only_registry_says_so(tmp_path: Path) -> None:
    """It can be read; writing fails with the next step."""
    Registry.open(f"sqlite:///{tmp_path}/registry.sqlite").close()
    with Registry.open(f"sqlite:///file:{tmp_path}/registry.sqlite?mode=ro&uri=true", create=False) as registry:
        assert registry.variants() == []
        with pytest.raises(RegistryError, match=r"readonly database\. Make the file and its folder writable"):
            registry.record([evaluation_result()], finished_at=NOON)


def test_reading_a_registry_that_is_not_there_makes_none(tmp_path: Path) -> None:
    """It reads as empty, and no file or folder appears."""
    with Registry.open(f"sqlite:///{tmp_path}/none/registry.sqlite", create=False) as registry:
        assert registry.variants() == []
    assert list(tmp_path.iterdir()) == []


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """Reading never adds tables to a database that is no registry."""
    with sqlite3.connect(tmp_path / "other.sqlite") as raw:
        raw.execute("CREATE TABLE things (id INTEGER)")
    with pytest.raises(RegistryError, match="no Guardbee registry"):
        Registry.open(f"sqlite:///{tmp_path}/other.sqlite", create=False)


def test_a_result_of_another_version_is_one_error(tmp_path: Path) -> None:
    """A stored result that no longer fits the schema is named; the list still works."""
    with Registry.open(f"sqlite:///{tmp_path}/registry.sqlite") as registry:
        registry.record([evaluation_result()], finished_at=NOON)
        with sqlite3.connect(tmp_path / "registry.sqlite") as raw:
            raw.execute("""UPDATE guardbee_evaluations SET result = '{"modelId": "tiny@fp32"}'""")
        assert len(registry.variants()) == 1
        with pytest.raises(RegistryError, match="another version of Guardbee"):
            registry.show("tiny@fp32")
