"""A model hub on this machine: as much of the Hugging Face Hub's HTTP API as its own client needs to fetch a model."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

LARGE = 4096
"""Bytes from which on a file is kept in LFS, and known by its sha256."""


class HubServer:
    """Serves ``repos``: path to content, by repository. ``flipped`` paths are sent with one byte changed.

    ``gated`` repositories refuse everybody. ``requests`` notes methods and paths. Every revision means the same commit.
    """

    def __init__(self, repos: Mapping[str, Mapping[str, bytes]]) -> None:
        self.repos = repos
        self.flipped: set[str] = set()
        self.gated: set[str] = set()
        self.requests: list[str] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_of": self}))
        self._http.daemon_threads = True
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
        return {"id": repo, "modelId": repo, "sha": self.commit(repo), "siblings": siblings, "tags": [], "downloads": 0}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
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
        if repo in self.server_of.gated:
            self.answer(403, b"", {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access is restricted."})
        elif repo not in self.server_of.repos:
            self.answer(404, b"", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "No such repository."})
        elif api:
            self.answer(200, json.dumps(self.server_of.info(repo)).encode(), {"Content-Type": "application/json"})
        else:
            self.send_file(repo, "/".join(path.split("/")[4:]))

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
        self.answer(200, content, headers)

    def answer(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass
