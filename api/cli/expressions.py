"""`jiaojie feel` and `decide`: expressions and decisions tried at the terminal."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

import feel
import feel.dmn
import feel.dmn.xml
from api.cli.base import main
from feel import FeelError
from hr.people.calendar import WorkCalendar
from hr.people.functions import functions


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
