"""Films of the slides of courses, made before anybody waits for them: a chore of the upkeep."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hr.training import films
from tasks.house import House

EVERY = timedelta(minutes=5)


class Films:
    """A chore of the upkeep (`tasks.house.Chore`): one film at a time, then a look every five minutes."""

    def __init__(self) -> None:
        self._next: datetime | None = None

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        now = house.clock.now()
        if stopped() or self._next is not None and now < self._next:
            return 0
        with house.database.transaction() as unit:
            waiting = films.unmade(unit)
        if not waiting:
            self._next = now + EVERY
            return 0
        films.ready(house.database, house.world.media, waiting[0], house.clock)
        return 1
