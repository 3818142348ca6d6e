"""A package index on this machine: the simple repository API over real HTTP, with faults on request."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


def wheel(members: Mapping[str, bytes]) -> bytes:
    """Make an archive like a wheel."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    """Give the hash as configurations pin it."""
    return hashlib.sha256(content).hexdigest()


@dataclass
class Faults:
    """How the server misbehaves for every archive."""

    flip: bool = False
    """One byte is another one than announced."""
    cut_after: int | None = None
    """The connection breaks after so many bytes of an answer."""
    cuts: int = 10**6
    """So many answers are cut."""
    ignore_range: bool = False
    extra: bytes = b""
    """Sent beyond what was announced."""
    refusals: list[int] = field(default_factory=list)
    """Statuses of the first answers."""
    html: bool = False
    """The page is HTML, as of an index of old."""


class QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that go away in the middle: tests kill them."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Keep it to itself."""


class IndexServer:
    """Serves ``releases``: file name to content, by package name. ``requests`` notes paths and Range headers."""

    def __init__(self, releases: Mapping[str, Mapping[str, bytes]]) -> None:
        self.releases = releases
        self.faults = Faults()
        self.requests: list[tuple[str, str | None]] = []
        self._http = QuietServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_of": self}))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """What PIP_INDEX_URL is set to."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/simple"

    def downloads(self) -> list[str | None]:
        """Give the Range headers of the archives asked for so far."""
        return [header for path, header in self.requests if path.startswith("/files/")]

    def page(self, package: str) -> bytes:
        """Give the page of a package."""
        files = self.releases[package].items()
        if self.faults.html:
            links = [f'<a href="/files/{name}#sha256={sha256(content)}">{name}</a>' for name, content in files]
            return "".join(links).encode()
        entries = [
            {"filename": name, "url": f"/files/{name}", "hashes": {"sha256": sha256(content)}, "size": len(content)}
            for name, content in files
        ]
        return json.dumps({"meta": {"api-version": "1.1"}, "name": package, "files": entries}).encode()

    def archive(self, name: str) -> bytes | None:
        """Give an archive as it is sent."""
        found = [files[name] for files in self.releases.values() if name in files]
        if not found:
            return None
        content = bytearray(found[0])
        if self.faults.flip:
            content[len(content) // 2] ^= 1
        return bytes(content) + self.faults.extra

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers for the server that made a subclass of it."""

    server_of: IndexServer

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server_of.requests.append((self.path, self.headers.get("Range")))
        kind, _, name = self.path.strip("/").partition("/")
        if kind == "simple" and name in self.server_of.releases:
            self.answer(200, self.server_of.page(name))
        elif kind == "files" and (content := self.server_of.archive(name)) is not None:
            self.send_archive(content)
        else:
            self.answer(404, b"")

    def send_archive(self, content: bytes) -> None:
        if self.server_of.faults.refusals:
            self.answer(self.server_of.faults.refusals.pop(0), b"")
            return
        wanted = self.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if start and not self.server_of.faults.ignore_range:
            self.answer(206, content[start:], f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.answer(200, content)

    def answer(self, status: int, content: bytes, content_range: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        if (
            self.path.startswith("/files/")
            and self.server_of.faults.cut_after is not None
            and self.server_of.faults.cuts
        ):
            self.server_of.faults.cuts -= 1
            self.wfile.write(content[: self.server_of.faults.cut_after])
            self.close_connection = True
        else:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass
