"""What a stranger hands in is examined apart: in a process of its own, which may take so much time and memory, no more.

A file can be made so that a reader works on it for hours; that must cost nobody else anything. A file that we hold
ourselves needs no such care.
"""

import json
import os
import resource
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

from asn1crypto import x509
from pydantic import TypeAdapter

from hr.documents.signing.keys import Trust
from hr.documents.verify import pdf
from hr.documents.verify.found import Examined
from hr.evidence import opened
from hr.evidence.opened import Opened, Sentence
from kernel.errors import Unavailable
from kernel.text import LANGUAGES, say

CPU_SECONDS = 15
WALL_SECONDS = 25
MEMORY = 1536 * 1024 * 1024
AT_ONCE = 2
PATIENCE = 20.0  # seconds that one waits for a place

TANGLED = say("The file is too tangled to be read in good time.")

_places = threading.BoundedSemaphore(AT_ONCE)
_ROOT = Path(__file__).resolve().parents[2]


_EXAMINED, _OPENED = TypeAdapter(Examined), TypeAdapter(Opened)


def document(content: bytes, trust: Trust, *, at: datetime) -> Examined:
    """`hr.documents.verify.pdf.examine` apart. Raises Unavailable where too many ask at once."""
    told = _asked("document", content, trust, at)
    return _EXAMINED.validate_json(told) if told else Examined(intact=False, problems=(TANGLED,))


def package(content: bytes, trust: Trust, *, at: datetime) -> Opened:
    """`hr.evidence.opened.examine` apart. Raises Unavailable where too many ask at once."""
    told = _asked("package", content, trust, at)
    tangled = Sentence(TANGLED.template, {}, TANGLED.within(LANGUAGES[0]))
    return _OPENED.validate_json(told) if told else Opened(intact=False, held=(), problems=(tangled,))


def _asked(what: str, content: bytes, trust: Trust, at: datetime) -> bytes:
    """The answer of the other process, empty if it went beyond its limits."""
    if not _places.acquire(timeout=PATIENCE):
        raise Unavailable(say("Many files are being checked right now. Try again in a minute."))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hr.evidence.apart"],
            input=_question(what, trust, at) + b"\n" + content,
            capture_output=True,
            cwd=_ROOT,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    finally:
        _places.release()
    return done.stdout if done.returncode == 0 else b""


def _question(what: str, trust: Trust, at: datetime) -> bytes:
    known = {
        "roots": [one.dump().hex() for one in trust.roots],
        "others": [one.dump().hex() for one in trust.others],
        "crls": [one.hex() for one in trust.crls],
    }
    return json.dumps({"what": what, "at": at.isoformat(), **known}).encode()


def _answer(question: bytes, content: bytes) -> bytes:
    asked = json.loads(question)
    of = {name: [bytes.fromhex(one) for one in asked[name]] for name in ("roots", "others", "crls")}
    roots, others = (tuple(map(x509.Certificate.load, of[name])) for name in ("roots", "others"))
    trust, at = Trust(roots, others, tuple(of["crls"])), datetime.fromisoformat(asked["at"])
    if asked["what"] == "package":
        return _OPENED.dump_json(opened.examine(content, trust, at=at))
    return _EXAMINED.dump_json(pdf.examine(content, trust, at=at))


def main() -> None:
    """The other process: a question comes in, an answer goes out, and nothing else is done."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    question, _, content = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(_answer(question, content))


if __name__ == "__main__":
    main()
