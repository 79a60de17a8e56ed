"""What a stranger hands in is examined apart: in a process of its own, which may take so much time and memory, no more.

A file can be made so that a reader works on it for hours; that must cost nobody else anything. A file that we hold
ourselves needs no such care.
"""

import os
import pickle
import resource
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import x509

from hr.documents.signing.keys import Trust
from hr.documents.verify import pdf
from hr.documents.verify.found import Examined
from hr.evidence import opened
from hr.evidence.opened import Opened
from kernel.errors import Unavailable
from kernel.text import say

CPU_SECONDS = 15
WALL_SECONDS = 25
MEMORY = 1536 * 1024 * 1024
AT_ONCE = 2
PATIENCE = 20.0  # seconds that one waits for a place

_places = threading.BoundedSemaphore(AT_ONCE)
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class _Asked:
    content: bytes
    roots: tuple[bytes, ...]
    others: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    at: datetime
    package: bool


def document(content: bytes, trust: Trust, *, at: datetime) -> Examined:
    """`hr.documents.verify.pdf.examine` apart. Raises Unavailable where too many ask at once."""
    made = _asked(_Asked(content, *_plain(trust), at, package=False))
    tangled = say("The file is too tangled to be read in good time.")
    return made if isinstance(made, Examined) else Examined(intact=False, problems=(tangled,))


def package(content: bytes, trust: Trust, *, at: datetime) -> Opened:
    """`hr.evidence.opened.examine` apart. Raises Unavailable where too many ask at once."""
    made = _asked(_Asked(content, *_plain(trust), at, package=True))
    tangled = say("The file is too tangled to be read in good time.")
    return made if isinstance(made, Opened) else Opened(intact=False, held=(), problems=(tangled,))


def _plain(trust: Trust) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]:
    return tuple(one.dump() for one in trust.roots), tuple(one.dump() for one in trust.others), trust.crls


def _asked(asked: _Asked) -> Examined | Opened | None:
    """The answer of the other process; None if it went beyond its limits."""
    if not _places.acquire(timeout=PATIENCE):
        raise Unavailable(say("Many files are being checked right now. Try again in a minute."))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hr.evidence.apart"],
            input=pickle.dumps(asked),
            capture_output=True,
            cwd=_ROOT,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _places.release()
    answer: Examined | Opened | None = pickle.loads(done.stdout) if done.returncode == 0 else None
    return answer


def _answer(asked: _Asked) -> Examined | Opened:
    load = x509.Certificate.load
    trust = Trust(tuple(map(load, asked.roots)), tuple(map(load, asked.others)), asked.crls)
    if asked.package:
        return opened.examine(asked.content, trust, at=asked.at)
    return pdf.examine(asked.content, trust, at=asked.at)


def main() -> None:
    """The other process: a question comes in, an answer goes out, and nothing else is done."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = pickle.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(_answer(asked)))


if __name__ == "__main__":
    from hr.evidence import apart  # the classes that are pickled are this module's by its own name

    apart.main()
