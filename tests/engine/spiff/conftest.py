"""Every story is played twice: saved at the end of each turn, and saved and loaded after every node."""

from collections.abc import Callable

import pytest

from tests.engine.spiff.play import Play


@pytest.fixture(params=[False, True], ids=["turns", "nodes"])
def play(request: pytest.FixtureRequest) -> Callable[..., Play]:
    """Starts an instance: `play(xml, n=1)`."""

    def begin(xml: str, **variables: object) -> Play:
        return Play(xml, stepped=request.param, **variables)

    return begin
