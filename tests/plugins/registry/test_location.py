from __future__ import annotations

from pathlib import Path

import pytest

from guardbee.plugins.registry import registry_url


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUARDBEE_REGISTRY", raising=False)


def test_what_is_configured_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A configured URL wins over the environment and is passed on as it is."""
    monkeypatch.setenv("GUARDBEE_REGISTRY", "sqlite:////elsewhere.sqlite")
    assert registry_url("postgresql://user@host/db") == "postgresql://user@host/db"


@pytest.mark.parametrize("configured", [None, ""])
def test_the_environment_comes_second(configured: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment variable replaces the default."""
    monkeypatch.setenv("GUARDBEE_REGISTRY", "sqlite:////elsewhere.sqlite")
    assert registry_url(configured) == "sqlite:////elsewhere.sqlite"


def test_the_default_is_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without either, the registry lies in the data folder of the user."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert registry_url(None) == f"sqlite:///{tmp_path}/guardbee/registry.sqlite"


def test_a_path_is_an_sqlite_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain path is made absolute, so that it means the same from any folder afterwards."""
    monkeypatch.chdir(tmp_path)
    assert registry_url("scores.sqlite") == f"sqlite:///{tmp_path}/scores.sqlite"
