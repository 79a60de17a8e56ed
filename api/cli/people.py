"""`jiaojie import`: data from files."""

from pathlib import Path

import click

from api.cli.base import house, main, settings
from hr.people import roster


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
