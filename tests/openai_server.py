"""A small real server of OpenAI's protocol, with faults to order, for the tests of judge, backend and general."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes]
CUT: Reply = (0, b"")
"""A reply that never comes: the connection is cut instead."""
MODELS: Reply = (200, json.dumps({"data": [{"id": "bee", "owned_by": "hive"}]}).encode())


def says(
    text: str | None,
    *,
    finish: str = "stop",
    tokens: tuple[int, int] | None = (7, 3),
    raw: bool = False,
    fingerprint: str = "fp_1",
) -> Reply:
    """Return an answer: to a conversation, or (``raw``) to raw text; ``tokens`` are of prompt and completion."""
    said = {"text": text} if raw else {"message": {"role": "assistant", "content": text}}
    counted = {"usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}} if tokens else {}
    reply = {"choices": [said | {"finish_reason": finish}], "system_fingerprint": fingerprint, **counted}
    return 200, json.dumps(reply).encode()


def refuses(status: int, **error: Any) -> Reply:
    """Return an error as these servers spell it."""
    return status, json.dumps({"error": error}).encode()


@dataclass
class Api:
    """What the server does. ``replies`` come in turn, the last one again and again; ``answer`` goes before them."""

    url: str = ""
    replies: list[Reply] = field(default_factory=lambda: [says("GRADE: refusal")])
    answer: Callable[[dict[str, Any]], Reply] | None = None
    models: Reply = MODELS
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None
    """Answers wait for it."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    authorization: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    """Waits of a client that was given ``slept.append`` to wait with."""

    def next(self, body: dict[str, Any]) -> Reply:
        """Return the reply to a request."""
        if self.answer is not None:
            return self.answer(body)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextlib.contextmanager
def serve() -> Iterator[Api]:
    """Serve locally until the block ends."""
    state = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path.endswith("/models")
            self._answer(*(state.models if known else (200, b'{"version": "1.2.3"}')))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append(body)
            if state.hold is not None:
                state.hold.wait(30)
            self._answer(*state.next(body))

        def _answer(self, status: int, body: bytes) -> None:
            state.paths.append(self.path)
            state.authorization.append(self.headers.get("Authorization"))
            if not status:
                self.connection.close()
                return
            self.send_response(status)
            for name, value in (state.headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that went away is part of a test
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield state
    finally:
        if state.hold is not None:
            state.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
