"""An answer leaves in one piece: the HTTP server writes its head and its body by themselves, each a system call here, a
packet on the way and a wake-up there, which costs more than much of the work in between.
"""

import asyncio
from typing import Any


class Corked:
    """A connection that keeps what is written until the next piece, or until the loop comes round. For its loop alone.

    Whatever else the server asks of a connection it gets from the one behind.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._kept = b""
        self.get_extra_info = transport.get_extra_info
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, piece: bytes) -> None:
        if self._kept:
            self._transport.write(self._kept + piece)
            self._kept = b""
        elif piece:
            self._kept = piece
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        self._flush()
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._kept:
            self._transport.write(self._kept)
            self._kept = b""
