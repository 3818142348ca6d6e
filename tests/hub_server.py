"""A model hub on this machine: as much of the Hugging Face Hub's HTTP API as its own client needs to fetch a model."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import yaml

from tests.index_server import QuietServer

LARGE = 4096
"""Bytes from which on a file is kept in LFS, and known by its sha256."""


class HubServer:
    """Serves ``repos``: path to content, by repository. ``flipped`` paths are sent with one byte changed.

    ``gated`` repositories refuse who has not ``token``, ``approval`` is what others say of their gate; ``refusals`` are
    statuses of the next answers to files; ``cuts`` are bytes after which the next files break off, ``stalls`` those
    after which they stop and keep the connection, until ``resumed`` is set; ``extra`` is sent beyond what was
    announced. ``requests`` notes methods and paths, ``ranges`` the Range headers of files. Every revision means the
    same commit.
    """

    def __init__(self, repos: Mapping[str, Mapping[str, bytes]]) -> None:
        self.repos = repos
        self.flipped: set[str] = set()
        self.gated: set[str] = set()
        self.approval: dict[str, str] = {}
        self.token: str | None = None
        self.refusals: list[int] = []
        self.cuts: list[int] = []
        self.stalls: list[int] = []
        self.resumed = threading.Event()
        self.extra = b""
        self.requests: list[str] = []
        self.ranges: list[str | None] = []
        self._http = QuietServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_of": self}))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """What HF_ENDPOINT is set to."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def commit(self, repo: str) -> str:
        """Give the commit of a repository: another one where a file is another one."""
        listing = "".join(f"{name} {_git_sha1(content)}\n" for name, content in sorted(self.repos[repo].items()))
        return hashlib.sha1(listing.encode(), usedforsecurity=False).hexdigest()

    def info(self, repo: str) -> dict[str, Any]:
        """Describe a repository as ``/api/models`` does, with ``?blobs=true``."""
        siblings = []
        for name, content in self.repos[repo].items():
            file: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": _git_sha1(content)}
            if len(content) >= LARGE:
                file["lfs"] = {"sha256": _sha256(content), "size": len(content), "pointerSize": 134}
            siblings.append(file)
        about: dict[str, Any] = {
            "siblings": siblings,
            "tags": [],
            "downloads": 0,
            "gated": self.approval.get(repo, False),
        }
        if card := self.repos[repo].get("README.md", b"").partition(b"---\n")[2].partition(b"---\n")[0]:
            about["cardData"] = yaml.safe_load(card)
        return {"id": repo, "modelId": repo, "sha": self.commit(repo), **about}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.resumed.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    """Answers for the server that made a subclass of it."""

    server_of: HubServer

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        self.server_of.requests.append(f"{self.command} {path}")
        api = path.startswith("api/models/")
        repo = "/".join(path.removeprefix("api/models/").split("/")[:2])
        if repo in self.server_of.gated and not self.is_known():
            anonymous = self.headers.get("Authorization") is None
            self.answer(
                401 if anonymous else 403,
                b"",
                {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access is restricted."},
            )
        elif repo not in self.server_of.repos:
            self.answer(404, b"", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "No such repository."})
        elif api:
            self.answer(200, json.dumps(self.server_of.info(repo)).encode(), {"Content-Type": "application/json"})
        else:
            self.send_file(repo, "/".join(path.split("/")[4:]))

    def is_known(self) -> bool:
        token = self.server_of.token
        return token is not None and self.headers.get("Authorization") == f"Bearer {token}"

    def send_file(self, repo: str, name: str) -> None:
        content = self.server_of.repos[repo].get(name)
        if content is None:
            self.answer(404, b"", {"X-Error-Code": "EntryNotFound", "X-Error-Message": "No such file."})
            return
        large = len(content) >= LARGE
        etag = _sha256(content) if large else _git_sha1(content)
        headers = {"X-Repo-Commit": self.server_of.commit(repo), "ETag": f'"{etag}"'}
        if large:
            headers |= {"X-Linked-Etag": f'"{etag}"', "X-Linked-Size": str(len(content))}
        if name in self.server_of.flipped:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if self.command == "HEAD":
            self.answer(200, content, headers)
            return
        self.server_of.ranges.append(wanted := self.headers.get("Range"))
        if self.server_of.refusals:
            self.answer(self.server_of.refusals.pop(0), b"", {})
            return
        start = int(wanted.removeprefix("bytes=").partition("-")[0]) if wanted else 0
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self.answer(206 if start else 200, content[start:] + self.server_of.extra, headers)

    def answer(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            if "ETag" in headers and self.server_of.cuts:
                content = content[: self.server_of.cuts.pop(0)]
                self.close_connection = True
            if "ETag" in headers and self.server_of.stalls:
                self.wfile.write(content[: self.server_of.stalls.pop(0)])
                self.server_of.resumed.wait()
                self.close_connection = True
                return
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass
