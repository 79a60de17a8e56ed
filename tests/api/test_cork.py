"""Head and body of an answer leave together; nothing stays behind."""

import asyncio
from collections.abc import Callable
from typing import Any

from api.cork import Corked


class Wire:
    """A connection that remembers what was sent, piece by piece."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, piece: bytes) -> None:
        assert not self.closed
        self.sent.append(piece)

    def close(self) -> None:
        self.closed = True

    def set_protocol(self, protocol: object) -> None:
        self.sent.append(b"handed over")

    def get_extra_info(self, name: str) -> str:
        return name

    is_closing = pause_reading = resume_reading = lambda self: None


def on(act: Callable[[Any], object]) -> Wire:
    wire = Wire()

    async def run() -> None:
        act(Corked(wire, asyncio.get_running_loop()))
        await asyncio.sleep(0)

    asyncio.run(run())
    return wire


def write(*pieces: bytes) -> Callable[[Any], None]:
    def act(corked: Any) -> None:
        for piece in pieces:
            corked.write(piece)

    return act


def test_head_and_body_leave_in_one_piece() -> None:
    assert on(write(b"head", b"body")).sent == [b"headbody"]


def test_a_head_without_a_body_leaves_when_the_loop_comes_round() -> None:
    assert on(write(b"head", b"")).sent == [b"head"]
    assert on(write(b"head")).sent == [b"head"]


def test_a_stream_leaves_as_it_comes() -> None:
    assert on(write(b"head", b"one", b"two")).sent == [b"headone", b"two"]


def test_nothing_stays_behind_at_the_end_and_at_an_upgrade() -> None:
    def close(corked: Any) -> None:
        corked.write(b"head")
        corked.close()

    def upgrade(corked: Any) -> None:
        corked.write(b"switching")
        corked.set_protocol(object())

    ended = on(close)
    assert ended.sent == [b"head"]
    assert ended.closed
    assert on(upgrade).sent == [b"switching", b"handed over"]
    assert Corked(Wire(), None).get_extra_info("peername") == "peername"
