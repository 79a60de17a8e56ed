"""`jiaojie serve`, `web`, `worker`, `migrate`: what runs, and the tables that it runs on."""

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import click
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api import bootstrap, schema
from api.app import create_app
from api.cli.base import house, language, main, settings
from api.cork import Corked
from demo import stand
from hr.agreements import texts
from hr.training import texts as courses
from kernel.actor import system
from kernel.config import Settings
from kernel.postgres import Server, watch
from kernel.text import say
from processes import catalog, publish
from processes.studio import projects
from tasks.house import House
from tasks.worker import Worker

GRACE_SECONDS = 2  # open event streams never end by themselves
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@main.command()
@click.option("--demo", is_flag=True, help="Load the demo organisation and its counterpart systems.")
@click.option("--host", help="The address to listen on; by default the loopback address.")
@click.option("--port", type=int, help="The port to listen on.")
@click.option("--open-to-others", is_flag=True, help="Let the demo listen beyond the loopback address.")
def serve(demo: bool, host: str | None, port: int | None, open_to_others: bool) -> None:
    """Web and one worker in one process, over a migrated database with the shipped processes."""
    found = settings(host=host, port=port)
    if demo and found.host not in LOOPBACK and not open_to_others:
        raise click.ClickException(
            f"The demo's passwords are known to everybody, so it does not listen on {found.host}. "
            "Leave out --host, or say --open-to-others."
        )
    with stand.counterparts(found) if demo else _as_it_is(found) as given, house(given, migrate=True) as opened:
        _watch(given)
        _publish(opened)
        if demo:
            click.echo(stand.raise_up(opened))
        worker = Worker(opened, "worker")
        thread = threading.Thread(target=worker.run, name="worker")
        thread.start()
        click.echo(f"\n  http://{given.host}:{given.port}\n")
        try:
            _listen(opened, given)
        finally:
            worker.stop()
            thread.join()


@contextmanager
def _as_it_is(found: Settings) -> Iterator[Settings]:
    yield found


@main.command()
@click.option("--host")
@click.option("--port", type=int)
def web(host: str | None, port: int | None) -> None:
    """The web alone; run any number of them."""
    found = settings(host=host, port=port)
    with house(found) as opened:
        _watch(found)
        _listen(opened, found)


@main.command()
@click.option("--name", default="worker", help="How this worker is called in the records.")
def worker(name: str) -> None:
    """A worker alone; run any number of them."""
    found = settings()
    with house(found) as opened:
        _watch(found)
        running = Worker(opened, name)
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: running.stop())
        running.run()


class Http(HttpToolsProtocol):
    """The server's connections, each behind a cork."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the server has it
        super().connection_made(cast(asyncio.Transport, Corked(transport, self.loop)))


def _listen(opened: House, found: Settings) -> None:
    # uvicorn raises the signal that ended it once more: with its default it would end us before the house is closed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        create_app(opened),
        http=Http,
        host=found.host,
        port=found.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _watch(found: Settings) -> None:
    """Keep the embedded database running while this process does."""
    if not found.database_url:
        server = Server(bootstrap.completed(found).home)
        threading.Thread(target=watch, args=(server,), name="postgres", daemon=True).start()


def _publish(opened: House) -> None:
    """The shipped families, as they are in this release, where nobody has changed them here, and the texts of
    agreements and the courses that are not there yet.

    Each family is a project of the studio from its first time on.
    """
    with opened.database.transaction() as unit:
        texts.ship(unit, clock=opened.clock)
        courses.ship(unit, clock=opened.clock)
    for family in catalog.families():
        with opened.database.transaction() as unit:
            done = publish.ship(opened.engine, unit, family)
            projects.adopt(opened.engine, unit, family, actor=system("jiaojie"))
        if done is None:
            told = say(
                "This release brings another version of {family}, and yours stays: it was changed here. To take it "
                "over, deploy processes/{family}, or bring its files into the studio.",
                family=family,
            )
            click.echo(told.within(language()))


@main.command()
def migrate() -> None:
    """Bring the database's tables up to this release."""
    with house(settings(), migrate=True):
        click.echo(f"The tables are those of this release ({schema.newest()}).")
