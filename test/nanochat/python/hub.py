"""A hub on this machine that fails as networks do: what it serves is a folder."""

import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread


class Hub:
    """Serves one dataset. The first answers for a file may fail: `busy` with 503, `cut` in the middle of the content."""

    def __init__(self, name: str, folder: Path, busy: dict[str, int], cut: dict[str, int]) -> None:
        self.name, self.folder, self.busy, self.cut = name, folder, dict(busy), dict(cut)
        self.lie_about: str | None = None
        """A file whose announced digest is wrong."""
        self.requests: list[tuple[str, str, str | None]] = []
        self.lock = Lock()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self):
                hub.answer(self, with_body=False)

            def do_GET(self):
                hub.answer(self, with_body=True)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def take(self, faults: dict[str, int], file: str) -> bool:
        with self.lock:
            faults[file] = faults.get(file, 0) - 1
            return faults[file] >= 0

    def answer(self, request, with_body: bool) -> None:
        self.requests.append((request.command, request.path, request.headers.get("Range")))
        path = request.path.split("?")[0]
        if path.startswith("/api/datasets/"):
            return self.list_files(request, path)
        prefix = f"/datasets/{self.name}/resolve/main/"
        file = path.removeprefix(prefix)
        content = self.folder / file
        if not path.startswith(prefix) or not content.is_file():
            code = "EntryNotFound" if path.startswith(prefix) else "RepoNotFound"
            return self.send(request, 404, b"", {"X-Error-Code": code})
        if with_body and self.take(self.busy, file):
            return self.send(request, 503, b"busy", {})
        data = content.read_bytes()
        headers = {"X-Repo-Commit": "0" * 40, "ETag": f'"{self.digest_of(file, data)}"', "Accept-Ranges": "bytes"}
        if not with_body:
            return self.send(request, 200, data, headers, with_body=False)
        wanted = request.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        part = data[start:]
        if self.take(self.cut, file):
            return self.send(request, 206 if wanted else 200, part, headers, stop_at=len(part) // 2)
        self.send(request, 206 if wanted else 200, part, headers)

    def digest_of(self, file: str, data: bytes) -> str:
        return hashlib.sha256(data + (b"!" if file == self.lie_about else b"")).hexdigest()

    def list_files(self, request, path: str) -> None:
        if self.name not in path:
            return self.send(request, 401, b"", {"X-Error-Code": "RepoNotFound"})
        names = sorted(file.name for file in self.folder.iterdir())
        tree = [{"type": "file", "path": name, "size": 1, "oid": "0" * 40} for name in names]
        info = {"id": self.name, "sha": "0" * 40, "siblings": [{"rfilename": name} for name in names]}
        body = json.dumps(tree if "/tree/" in path else info).encode()
        self.send(request, 200, body, {"Content-Type": "application/json"})

    def send(self, request, status: int, body: bytes, headers: dict, with_body: bool = True, stop_at: int | None = None) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            request.send_header(name, str(value))
        request.end_headers()
        if with_body:
            request.wfile.write(body[:stop_at])
        if stop_at is not None:
            request.close_connection = True
