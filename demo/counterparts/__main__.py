"""`python -m demo.counterparts --port 8090 [--mail-port 8025] [--state FILE] [--token T] [--secret S] [--hook URL]`."""

import argparse
from pathlib import Path

import uvicorn

from demo.counterparts.app import create_app
from demo.counterparts.state import State


def main() -> None:
    parser = argparse.ArgumentParser(prog="demo.counterparts", description="Plays the systems around the product.")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--mail-port", type=int, help="also take mail on this port")
    parser.add_argument("--state", type=Path, help="keep records in this file")
    parser.add_argument("--token", default="demo-token", help="the bearer token that callers must show")
    parser.add_argument("--secret", default="demo-secret", help="the secret shared with the product for OA")
    parser.add_argument("--hook", default="", help="where OA sends resignations: the product's address for them")
    asked = parser.parse_args()
    app = create_app(
        State(asked.state), token=asked.token, secret=asked.secret, hook=asked.hook, mail_port=asked.mail_port
    )
    uvicorn.run(app, host="127.0.0.1", port=asked.port, log_level="warning")


if __name__ == "__main__":
    main()
