"""Structured logs: one JSON line an event on stderr, with personal fields masked."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

# 18 characters of a resident identity number (GB 11643) and mainland mobile numbers.
_PERSONAL = re.compile(r"(?<!\d)(\d{4})\d{10}(\d{3}[\dXx])(?!\d)|(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


def mask(text: str) -> str:
    """The text with identity numbers and mobile numbers shortened to their ends."""
    return _PERSONAL.sub(lambda m: f"{m[1] or m[3]}…{m[2] or m[4]}", text)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": mask(record.getMessage()),
        }
        line.update({name: value for name, value in record.__dict__.items() if name in FIELDS})
        if record.exc_info:
            line["error"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


FIELDS = ("instance", "job", "element", "actor", "system", "status", "ms")


def set_up(level: int = logging.INFO) -> None:
    """Send every log record of the process to stderr as JSON. Called once by each command."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json())
    logging.basicConfig(level=level, handlers=[handler], force=True)
