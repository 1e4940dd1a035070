"""A web site of a test, served from a thread on 127.0.0.1."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Page:
    """What the site answers; `pieces` are sent one by one, with a pause after each."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: int = 1
    pause_s: float = 0.0


@dataclass
class Site:
    """Pages by path, and the headers of each request that came."""

    port: int = 0
    scheme: str = "http"
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def put(self, path: str, body: str | bytes, kind: str = "text/plain", **changed: object) -> str:
        data = body.encode() if isinstance(body, str) else body
        headers = {"Content-Type": kind} | dict(changed.pop("headers", {}))  # type: ignore[call-overload]
        self.pages[path] = Page(data, headers=headers, **changed)  # type: ignore[arg-type]
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        self.pages[path] = Page(
            status=status, headers={"Location": target, "Set-Cookie": "seen=1; Path=/"}
        )
        return self.url(path)


@contextmanager
def serve(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site(scheme="https" if context else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path, Page(b"gone", 404))
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for _ in range(page.pieces):
                    self.wfile.write(page.body)
                    time.sleep(page.pause_s)
            except OSError:
                pass  # the client has had enough

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass  # such as a client that does not trust the certificate

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    if context:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
