"""A carrier's own computer: takes requests on a port of this machine, as told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import sleep


@dataclass
class Exchange:
    """What was posted, and what will be answered next (200 when nothing is planned)."""

    url: str = ""
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: object = field(default_factory=lambda: {"id": "theirs-1"})
    delay: float = 0
    """Seconds until each answer."""
    posted: Event = field(default_factory=Event)


@contextmanager
def exchange() -> Iterator[Exchange]:
    """Open one for a while."""
    told = Exchange()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._take(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            self._take(b"")

        def _take(self, body: bytes) -> None:
            told.posts.append((self.path, dict(self.headers), body))
            sleep(told.delay)
            said = told.answer
            answer = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(told.statuses.pop(0) if told.statuses else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            told.posted.set()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()
