"""`jiaojie import`: the company from tables of an older system."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from api.cli.base import house, language, main, settings
from hr.people import contracts, departments, roster
from hr.people.sheet import SheetRefused
from kernel.db import Unit
from tasks.house import House

_table = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@main.group(name="import")
def take_in() -> None:
    """Take in data from files: departments first, then people, then their contracts."""


@take_in.command("departments")
@_table
def take_in_departments(file: Path) -> None:
    """Add the departments that are new and change those that differ, from a CSV file."""
    with _opened(file) as (_, unit):
        count = departments.take_in(unit, file.read_bytes())
    click.echo(f"{count} lines are taken in.")


@take_in.command("people")
@_table
def take_in_people(file: Path) -> None:
    """Hire whoever is new and change whoever differs, from a CSV file; nothing if a line has a problem."""
    with _opened(file) as (opened, unit):
        count = len(roster.take_in(unit, opened.world.files.cipher, file.read_bytes()))
    click.echo(f"{count} lines are taken in.")


@take_in.command("contracts")
@_table
def take_in_contracts(file: Path) -> None:
    """Put the labour contracts on file that are new, from a CSV file."""
    with _opened(file) as (_, unit):
        count = contracts.take_in(unit, file.read_bytes())
    click.echo(f"{count} contracts are put on file.")


@contextmanager
def _opened(file: Path) -> Iterator[tuple[House, Unit]]:
    """One transaction for the whole file. Each fault is a line of its own, as compilers tell theirs."""
    with house(settings(), migrate=True) as opened:
        try:
            with opened.database.transaction() as unit:
                yield opened, unit
        except SheetRefused as refused:
            for fault in refused.faults:
                told = "; ".join(problem.within(language()) for problem in fault.problems)
                click.echo(f"{file}:{fault.number}: {told}", err=True)
            raise
