"""The counterparts as a program.

python -m demo.counterparts --port 8090 [--mail-port 8025] [--state FILE] [--register FILE] [--token T]
                            [--secret S] [--hook URL]
"""

import argparse
import os
import sys
import threading
from pathlib import Path

import uvicorn

from demo.counterparts.app import create_app
from demo.counterparts.state import State


def main() -> None:
    parser = argparse.ArgumentParser(prog="demo.counterparts", description="Plays the systems around the product.")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--mail-port", type=int, help="also take mail on this port")
    parser.add_argument("--state", type=Path, help="keep records in this file")
    parser.add_argument("--register", type=Path, help="what each employee holds, by number")
    parser.add_argument("--token", default="demo-token", help="the bearer token that callers must show")
    parser.add_argument("--secret", default="demo-secret", help="the secret shared with the product for OA")
    parser.add_argument("--hook", default="", help="the product's address for others, up to /api/hooks")
    parser.add_argument("--parent", action="store_true", help="end when whoever started it is gone")
    asked = parser.parse_args()
    if asked.parent:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    state = State(asked.state, asked.register)
    app = create_app(state, token=asked.token, secret=asked.secret, hook=asked.hook, mail_port=asked.mail_port)
    uvicorn.run(app, host="127.0.0.1", port=asked.port, log_level="warning")


def _leave_with_parent() -> None:
    """Standard input is a pipe that the parent holds: it ends with the parent, however that ends."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
