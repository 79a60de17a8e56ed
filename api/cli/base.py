"""What every command stands on: the settings, the house, the language of the terminal."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from api import bootstrap
from kernel import config, log
from kernel.actor import system
from kernel.config import Settings
from kernel.errors import Refusal
from kernel.postgres import PostgresFailed
from tasks.house import House

CLI = system("cli")


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


def language() -> str:
    """The language of the terminal."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh-CN" if next(filter(None, named), "").startswith("zh") else "en"
