"""`jiaojie`: serve it, keep its database, deploy and check process files, try expressions."""

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

import feel
import feel.dmn
import feel.dmn.xml
from api import bootstrap, schema
from api.app import create_app
from api.cork import Corked
from demo import stand
from feel import FeelError
from hr.people import roster
from hr.people.calendar import WorkCalendar
from hr.people.functions import functions
from kernel import config, log
from kernel.actor import system
from kernel.config import Settings
from kernel.errors import Refusal
from kernel.postgres import PostgresFailed, Server, watch
from processes import catalog, lint, proof, publish, scenarios
from tasks.house import House
from tasks.worker import Worker

CLI = system("cli")
GRACE_SECONDS = 2  # open event streams never end by themselves
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.group()
@click.version_option(package_name="jiaojie")
def main() -> None:
    """HR processes as BPMN: offboarding, agreement signing, training."""
    log.set_up(logging.WARNING)


def settings(**given: Any) -> Settings:
    """The settings of the environment, with what the command line says otherwise."""
    try:
        return replace(config.load(), **{name: value for name, value in given.items() if value is not None})
    except ValueError as fault:
        raise click.ClickException(str(fault)) from None


@contextmanager
def house(found: Settings, *, migrate: bool = False) -> Iterator[House]:
    """The house, with what stands in its way said in a sentence."""
    try:
        with bootstrap.opened(found, migrate=migrate) as opened:
            yield opened
    except (PostgresFailed, bootstrap.NotMigrated, Refusal) as fault:
        raise click.ClickException(str(fault)) from None


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
        _publish(opened, [catalog.home() / family for family in catalog.families()])
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


def _publish(opened: House, paths: list[Path]) -> list[str]:
    with opened.database.transaction() as unit:
        done = publish.publish(opened.engine, unit, paths, CLI)
    return [f"{d.kind} {d.id} v{d.version}{'' if d.new else ' (unchanged)'}" for d in done.deployment.definitions]


@main.command()
def migrate() -> None:
    """Bring the database's tables up to this release."""
    with house(settings(), migrate=True):
        click.echo(f"The tables are those of this release ({schema.newest()}).")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def deploy(paths: tuple[Path, ...]) -> None:
    """Check process files and deploy them together."""
    with house(settings(), migrate=True) as opened:
        for line in _publish(opened, list(paths)):
            click.echo(line)


@main.group(name="import")
def take_in() -> None:
    """Take in data from files."""


@take_in.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def people(file: Path) -> None:
    """Hire whoever is new and change whoever differs, from a CSV file; nothing if a line has a problem."""
    with house(settings(), migrate=True) as opened:
        try:
            with opened.database.transaction() as unit:
                lines = roster.take_in(unit, opened.world.files.cipher, file.read_bytes())
        except roster.RosterRefused as refused:
            for line in refused.lines:
                click.echo(f"{file}:{line.number}: {'; '.join(map(str, line.problems))}", err=True)
            raise
        click.echo(f"{len(lines)} lines are taken in.")


@main.command(name="lint")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def lint_files(paths: tuple[Path, ...]) -> None:
    """Check process files: `file:element-id: rule: sentence`, exit code 1 on an error."""
    try:
        problems = lint.lint(paths)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    for problem in problems:
        click.echo(lint.line(problem))
    sys.exit(1 if lint.errors(problems) else 0)


@main.command(name="test")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the results as JUnit XML.")
def test_stories(paths: tuple[Path, ...], junit: Path | None) -> None:
    """Play the scenarios beside the models, exit code 1 if one fails."""
    found = bootstrap.completed(settings())
    server = None if found.database_url else Server(found.home)
    try:
        report = scenarios.run(paths, server.start() if server else found.database_url, junit)
    except (Refusal, PostgresFailed) as fault:
        raise click.ClickException(str(fault)) from None
    finally:
        if server:
            server.stop()
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.passed else 1)


@main.command(name="prove")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--sample", default=proof.SAMPLE, help="How many finished and how many running cases of a process.")
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
def prove_files(paths: tuple[Path, ...], sample: int, as_json: bool) -> None:
    """What these files would do as new versions: their scenarios, and cases replayed. Exit code 1 if one fails."""
    with house(settings()) as opened:
        found = proof.prove(opened, proof.gathered(paths), sample)
    told = [json.dumps(found.to_json(), ensure_ascii=False)] if as_json else proof.lines(found, _language())
    for line in told:
        click.echo(line)
    sys.exit(0 if found.passed else 1)


def _language() -> str:
    """The language of the terminal."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh-CN" if next(filter(None, named), "").startswith("zh") else "en"


def _json(text: str, what: str) -> dict[str, Any]:
    """A JSON object from the command line, or from a file as `@FILE`."""
    try:
        found = json.loads(Path(text[1:]).read_text("utf-8") if text.startswith("@") else text)
    except (OSError, ValueError, RecursionError) as fault:
        raise click.ClickException(f"{what} is no JSON: {fault}") from None
    if not isinstance(found, dict):
        raise click.ClickException(f'{what} is no JSON object. Write names and values, such as {{"days": 3}}.')
    return found


@main.command(name="feel")
@click.argument("expression")
@click.option("--context", default="{}", help="A JSON object, or @FILE.")
def evaluate(expression: str, context: str) -> None:
    """Evaluate a FEEL expression: the value as JSON, warnings on stderr."""
    try:
        result = feel.examine(expression, _json(context, "The context"), functions=functions(WorkCalendar()))
        value = feel.to_json(result.value)
    except FeelError as fault:
        raise click.ClickException(str(fault)) from None
    for warning in result.warnings:
        click.echo(str(warning), err=True)
    click.echo(json.dumps(value, ensure_ascii=False))


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--decision", required=True)
@click.option("--input", "inputs", default="{}", help="A JSON object, or @FILE.")
def decide(file: Path, decision: str, inputs: str) -> None:
    """Evaluate a decision of a DMN file: the result as JSON, warnings on stderr."""
    try:
        model = feel.dmn.load(file.read_bytes(), _neighbours(file), functions=functions(WorkCalendar()))
        decided = model.decide(decision, _json(inputs, "The input"))
        value = feel.to_json(decided.value)
    except FeelError as fault:
        raise click.ClickException(str(fault)) from None
    for problem in model.problems:
        click.echo(str(problem), err=True)
    for warning in decided.warnings:
        click.echo(str(warning), err=True)
    click.echo(json.dumps(value, ensure_ascii=False))
    sys.exit(1 if decided.failure or model.problems else 0)


def _neighbours(file: Path) -> list[bytes]:
    """The decision models beside a file, which it may import; what cannot be read is none of them."""
    found = []
    for other in sorted(file.parent.glob("*.dmn")):
        with suppress(feel.dmn.DmnError, OSError):
            content = other.read_bytes()
            feel.dmn.xml.read(content)
            found += [content] if not other.samefile(file) else []
    return found


if __name__ == "__main__":
    main()
