"""`jiaojie account` and `jiaojie client`: who may come in, kept by whoever runs the installation."""

import csv
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from api import credentials
from api.cli.base import CLI, house, main, settings
from hr.people.accounts import GROUPS
from kernel.db import Unit
from tasks.house import House

FIRST_PASSWORD = 9  # bytes of chance, which are twelve characters
GROUP = click.Choice(GROUPS)
_piped = click.option("--password-stdin", "piped", is_flag=True, help="Read the password from standard input.")


@contextmanager
def _opened() -> Iterator[tuple[House, Unit]]:
    with house(settings(), migrate=True) as opened, opened.database.transaction() as unit:
        yield opened, unit


def _password(piped: bool) -> str:
    if piped:
        return sys.stdin.readline().rstrip("\r\n")
    told: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return told


@main.group()
def account() -> None:
    """Keep accounts: who signs in, and in which groups."""


@account.command("list")
def list_accounts() -> None:
    """Login, name and groups of every account."""
    with _opened() as (_, unit):
        for one in credentials.listed(unit):
            ends = "".join(f" ({word})" for word, so in (("closed", not one.active), ("has left", one.left)) if so)
            click.echo(f"{one.login}\t{one.name}\t{' '.join(one.groups)}{ends}")


@account.command("add")
@click.argument("login")
@click.option("--group", "-g", "groups", type=GROUP, multiple=True, help="Once for each group; employee without one.")
@click.option("--name", default="", help="Whose it is, where LOGIN is no employee's on file.")
@_piped
def add_account(login: str, groups: tuple[str, ...], name: str, piped: bool) -> None:
    """Open an account for the employee LOGIN, or with --name for somebody else."""
    password = _password(piped)
    with _opened() as (opened, unit):
        credentials.add(opened, unit, login, password, groups=groups or ("employee",), name=name, actor=CLI)
    click.echo(f"{login} can sign in.")


@account.command("hand-out")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def hand_out(file: Path) -> None:
    """Open an account for everybody on file who has none; login, name and first password go to FILE, a new CSV."""
    with _new(file) as told, _opened() as (opened, unit):
        rows = csv.writer(told)
        rows.writerow(("login", "name", "password"))
        without = credentials.without(unit)
        for login, name in without:
            password = secrets.token_urlsafe(FIRST_PASSWORD)
            credentials.add(opened, unit, login, password, groups=("employee",), actor=CLI)
            rows.writerow((login, name, password))
        told.flush()
        os.fsync(told.fileno())  # before anybody has an account whose password is nowhere
    click.echo(
        f"{len(without)} accounts are opened. Their first passwords are in {file}: hand them out, then delete it."
    )


@contextmanager
def _new(file: Path) -> Iterator[TextIO]:
    """A file that only its owner reads. It is gone again where something goes wrong."""
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise click.ClickException(
            f"{file} cannot be made: {fault.strerror}. Name a file that is not there yet."
        ) from None
    try:
        with os.fdopen(opened, "w", encoding="utf-8", newline="") as told:
            yield told
    except BaseException:
        file.unlink()
        raise


@account.command("groups")
@click.argument("login")
@click.argument("groups", type=GROUP, nargs=-1, required=True)
def set_groups(login: str, groups: tuple[str, ...]) -> None:
    """Put the account LOGIN into GROUPS and no others."""
    with _opened() as (opened, unit):
        credentials.set_groups(opened, unit, login, groups, actor=CLI)
    click.echo(f"{login} is in {', '.join(sorted(set(groups)))}.")


@account.command("password")
@click.argument("login")
@_piped
def set_password(login: str, piped: bool) -> None:
    """Give the account LOGIN a new password. Its browsers are signed out."""
    password = _password(piped)
    with _opened() as (opened, unit):
        credentials.set_password(opened, unit, login, password, actor=CLI)
    click.echo(f"{login} has a new password.")


@account.command("close")
@click.argument("login")
def close_account(login: str) -> None:
    """Let the account LOGIN sign in no more. What it did stays."""
    with _opened() as (opened, unit):
        credentials.set_active(opened, unit, login, False, actor=CLI)
    click.echo(f"{login} is closed.")


@account.command("reopen")
@click.argument("login")
def reopen_account(login: str) -> None:
    """Let the closed account LOGIN sign in again."""
    with _opened() as (opened, unit):
        credentials.set_active(opened, unit, login, True, actor=CLI)
    click.echo(f"{login} can sign in again.")


@main.group()
def client() -> None:
    """Keep clients: programs that call the API with an id and a secret."""


@client.command("list")
def list_clients() -> None:
    """Id and name of every client."""
    with _opened() as (_, unit):
        for id, name, active in credentials.clients(unit):
            click.echo(f"{id}\t{name}{'' if active else ' (closed)'}")


@client.command("add")
@click.argument("id")
@click.option("--name", default="", help="What it is, for people.")
def add_client(id: str, name: str) -> None:
    """Let the program ID call the API. Its secret is printed, this once."""
    with _opened() as (opened, unit):
        secret = credentials.add_client(opened, unit, id, name, actor=CLI)
    click.echo(secret)


@client.command("renew")
@click.argument("id")
def renew_client(id: str) -> None:
    """Give the client ID a new secret, and print it. The old one ends, and a closed client is open again."""
    with _opened() as (opened, unit):
        secret = credentials.renew_client(opened, unit, id, actor=CLI)
    click.echo(secret)


@client.command("close")
@click.argument("id")
def close_client(id: str) -> None:
    """Let the program ID call no more."""
    with _opened() as (opened, unit):
        credentials.close_client(opened, unit, id, actor=CLI)
    click.echo(f"{id} is closed.")
