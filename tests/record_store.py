"""A small learning record store in a process of its own: xAPI 1.0.3, what it takes is on disk before it answers.

    python -m tests.record_store PORT FILE USER PASSWORD

A batch with one bad statement in it is refused whole, as is one with an id that is there with other words.
"""

import json
import os
import sys
from base64 import b64encode
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

MOST = 50


class Store(HTTPServer):
    """The statements by id, and the lines of the file that they are kept in."""

    def __init__(self, port: int, file: Path, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", port), Asked)
        self.basic = "Basic " + b64encode(f"{user}:{password}".encode()).decode()
        self.file = file
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        self.kept = {one["id"]: one for one in map(json.loads, lines)}

    def keep(self, statements: list[dict[str, Any]]) -> HTTPStatus:
        if len(statements) > MOST or not all({"id", "actor", "verb", "object"} <= set(one) for one in statements):
            return HTTPStatus.BAD_REQUEST
        if any(self.kept.get(one["id"], one) != one for one in statements):
            return HTTPStatus.CONFLICT
        with self.file.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in statements if one["id"] not in self.kept)
            file.flush()
            os.fsync(file.fileno())
        self.kept |= {one["id"]: one for one in statements}
        return HTTPStatus.OK


class Asked(BaseHTTPRequestHandler):
    server: Store

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Authorization"] != self.server.basic:
            status = HTTPStatus.UNAUTHORIZED
        elif self.path != "/xAPI/statements" or self.headers["X-Experience-API-Version"] != "1.0.3":
            status = HTTPStatus.BAD_REQUEST
        else:
            status = self.server.keep(json.loads(body))
        answer = json.dumps([one["id"] for one in json.loads(body)] if status == HTTPStatus.OK else {}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


if __name__ == "__main__":
    port, file, user, password = sys.argv[1:]
    Store(int(port), Path(file), user, password).serve_forever()
