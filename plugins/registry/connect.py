"""Opening the database: pragmas, locking, the version of the tables, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, InterfaceError, NoSuchModuleError, OperationalError, SQLAlchemyError

from guardbee.evals.errors import RegistryError
from guardbee.plugins.registry.tables import VERSION, Base, SchemaVersion

LOCK_TIMEOUT = 30.0
"""Seconds to wait for another writer; ``?timeout=…`` in an SQLite URL overrides it."""
_POSTGRES_LOCK = 0x6775617264626565
"""``guardbee`` in ASCII: the advisory lock under which one process at a time makes the tables."""
_ELSEWHERE = "Name another registry with --registry URL, registry=URL or GUARDBEE_REGISTRY."


def parse(url: str) -> URL:
    """Return the URL in parts.

    Raises:
        RegistryError: if it is none; the message does not show it, as it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise RegistryError(
            "the registry's URL cannot be read. It looks like sqlite:////data/registry.sqlite or "
            "postgresql://user@host/database."
        ) from error
    # SQLAlchemy 2.0 would take psycopg2 and 2.1 psycopg: say which, so that one driver is documented.
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in ("postgres", "postgresql") else parsed


def sqlite_file(url: URL) -> Path | None:
    """Return the file of an SQLite URL; ``None`` for a database in memory, on a server or behind ``file:``."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return None if str(url.database).startswith("file:") else Path(str(url.database))


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the database or the file system raises into a ``RegistryError`` with the next step."""
    where = f"registry {url.render_as_string(hide_password=True)}"
    try:
        yield
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise RegistryError(
            f"{where}: the driver {url.drivername} is not installed ({error}). "
            "For PostgreSQL: pip install 'psycopg[binary]'."
        ) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise RegistryError(f"{where}: {_cause(error)}. {_advice(error)}") from error


def connect(url: URL) -> Engine:
    """Return an engine; every transaction on SQLite that writes says so at its begin (``writing``)."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    arguments: dict[str, Any] = {} if "timeout" in url.query else {"timeout": LOCK_TIMEOUT}
    engine = create_engine(url, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write.

    They take SQLite's write lock at once: one that read first and then wrote could not wait for another writer, it
    would fail with "database is locked" whatever the timeout.
    """
    return engine.execution_options(guardbee_writes=True)


def make_tables(engine: Engine) -> None:
    """Make the tables that are missing, in one transaction that only one process is in."""
    if engine.dialect.name == "sqlite":
        _use_wal(engine)
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
        new = not inspect(connection).has_table(SchemaVersion.__tablename__)
        # A later Guardbee may have added tables, never changed one under the same version.
        Base.metadata.create_all(connection)
        if new:
            connection.execute(SchemaVersion.__table__.insert().values(version=VERSION))  # type: ignore[attr-defined]  # typed as FromClause


def check_version(engine: Engine, url: URL) -> None:
    """Refuse tables of another version.

    Raises:
        RegistryError: if there are none, or of an older or newer Guardbee.
    """
    where = f"registry {url.render_as_string(hide_password=True)}"
    with engine.connect() as connection:
        if not inspect(connection).has_table(SchemaVersion.__tablename__):
            raise RegistryError(f"{where}: this database is no Guardbee registry. {_ELSEWHERE}")
        found = connection.scalar(select(SchemaVersion.version))
    if found == VERSION:
        return
    step = "Upgrade guardbee" if found is not None and found > VERSION else "Read it with the Guardbee that wrote it"
    raise RegistryError(
        f"{where}: its tables have version {found}, this Guardbee reads version {VERSION}. {step}, or name another "
        "registry with --registry URL; the next evaluation then fills it."
    )


def _use_wal(engine: Engine) -> None:
    """Let readers and a writer work at once; the file remembers it.

    SQLite does not wait for others here, whatever the timeout: two processes that make the same file meet at this line.
    """
    deadline = time.monotonic() + LOCK_TIMEOUT
    while True:
        raw = engine.raw_connection()
        try:
            if raw.cursor().execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
                raw.cursor().execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
        finally:
            raw.close()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins too late for BEGIN IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("guardbee_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _cause(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(original).__name__


def _advice(error: Exception) -> str:
    message = str(error).lower()
    if "locked" in message:
        return "Another process holds it; wait until it ends, or look for one that hangs."
    if "readonly" in message or "read-only" in message or "permission" in message:
        return f"Make the file and its folder writable. {_ELSEWHERE}"
    if "not a database" in message or "malformed" in message:
        return f"The file is damaged or something else; put a copy back in its place. {_ELSEWHERE}"
    if isinstance(error, (OperationalError, InterfaceError, sqlite3.OperationalError, OSError)):
        return f"Check that the folder or server exists and can be reached. {_ELSEWHERE}"
    return _ELSEWHERE
