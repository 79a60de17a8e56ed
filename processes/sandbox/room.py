"""Where stages are made: one theatre of a web process, opened when the first of them is asked for."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from engine.commands import deploy
from kernel.actor import system
from kernel.errors import Unavailable
from kernel.text import say
from processes.sandbox.beginnings import deployable
from processes.sandbox.store import Files
from processes.story.script import Story
from processes.story.stage import Stage, Theatre

log = logging.getLogger(__name__)

DESIGNER = system("sandbox")


class Room:
    """Databases for stages on the server that has the one at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._theatre = Theatre(url)
        self._opening = threading.Lock()

    @contextmanager
    def stage(self, story: Story, files: Files) -> Iterator[Stage]:
        """A stage for a moment, with the files deployed on it after those that were deployed before.

        Raises ModelRefused for files that do not run, and Unavailable where this server gives it no database.
        """
        try:
            with self._opening:
                if not self._theatre.is_open:
                    self._theatre.close()
                    self._theatre.open()
        except psycopg.errors.InsufficientPrivilege as fault:
            raise _no_database(fault) from fault
        with self._theatre.stage(story) as stage:
            for together in (*files.before, deployable(files.project)):
                with stage.house.database.transaction() as unit:
                    deploy.deploy(stage.house.engine, unit, together, DESIGNER)
            yield stage

    def close(self) -> None:
        """Drop what all stages are copied from."""
        with self._opening:
            self._theatre.close()

    def take_up(self) -> threading.Thread:
        """Drop the databases that a process left behind which died, beside whatever else goes on."""
        thread = threading.Thread(target=self._sweep, name="sandboxes-swept", daemon=True)
        thread.start()
        return thread

    def _sweep(self) -> None:
        try:
            Theatre(self._url).sweep()
        except psycopg.Error as fault:
            log.warning("databases of stages that are left over were not dropped: %s", fault)


def _no_database(fault: psycopg.Error) -> Unavailable:
    return Unavailable(
        say(
            "A draft is tried in a database of its own, and this server gives none ({reason}). Give the database's user"
            " the right CREATEDB.",
            reason=str(fault).strip().partition("\n")[0],
        )
    )
