"""Where the registry is: what the configuration says, else the environment, else the user's data folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

ENVIRONMENT = "GUARDBEE_REGISTRY"


def registry_url(configured: str | None) -> str:
    """Return the SQLAlchemy URL of the registry.

    The first of these that is set counts: ``configured``, the environment variable ``GUARDBEE_REGISTRY``,
    ``sqlite:///<user data folder>/guardbee/registry.sqlite``. A value without ``://`` is the path of an SQLite file.
    Whether the URL makes sense is for ``Registry.open`` to say.
    """
    chosen = (
        configured or os.environ.get(ENVIRONMENT) or str(platformdirs.user_data_path("guardbee") / "registry.sqlite")
    )
    if "://" in chosen:
        return chosen
    return f"sqlite:///{Path(chosen).expanduser().absolute()}"
