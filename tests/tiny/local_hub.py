"""A model hub on this machine: the few addresses that the hub's own client asks for."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@contextlib.contextmanager
def serve(name: str, revision: str, folder: Path) -> Iterator[str]:
    """Serve `folder` as the model `name` at one revision; yields the endpoint."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(body=True)

        def do_HEAD(self):
            self.reply(body=False)

        def reply(self, body: bool):
            path = urlsplit(self.path).path
            file = folder / path.rsplit("/", 1)[-1]
            if path == f"/api/models/{name}/revision/{revision}":
                self.send(200, json.dumps(listing()).encode(), body)
            elif path.startswith(f"/api/models/{name}/tree/{revision}"):
                self.send(200, json.dumps(tree()).encode(), body)
            elif path == f"/{name}/resolve/{revision}/{file.name}" and file.exists():
                self.send(200, file.read_bytes(), body)
            else:
                self.send(404, b"{}", body, **{"X-Error-Code": "RevisionNotFound"})

        def send(self, status: int, content: bytes, body: bool, **headers: str):
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", revision)
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, *_):
            pass

    def names() -> list[str]:
        return sorted(file.name for file in folder.iterdir())

    def listing() -> dict:
        return {"id": name, "sha": revision, "siblings": [{"rfilename": n} for n in names()]}

    def tree() -> list[dict]:
        return [
            {"type": "file", "path": n, "size": (folder / n).stat().st_size, "oid": "0"}
            for n in names()
        ]

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
