"""`jiaojie lint`, `test`, `prove`: process files, before they are published."""

import json
import sys
from pathlib import Path

import click

from api import bootstrap
from api.cli.base import house, language, main, settings
from kernel.errors import Refusal
from kernel.postgres import PostgresFailed, Server
from kernel.text import say
from processes import lint, proof, scenarios


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
@click.option("--coverage", type=click.Path(path_type=Path), help="Also write what was visited as JSON.")
@click.option(
    "--least",
    type=click.FloatRange(0, 100),
    default=0.0,
    help="The percentage of nodes, and of flows, that has to be visited in each process; exit code 1 under it.",
)
def test_stories(paths: tuple[Path, ...], junit: Path | None, coverage: Path | None, least: float) -> None:
    """Play the scenarios beside the models, exit code 1 if one fails or too little of a model is visited."""
    found = bootstrap.completed(settings())
    server = None if found.database_url else Server(found.home)
    try:
        report = scenarios.run(paths, server.start() if server else found.database_url, junit)
    except (Refusal, PostgresFailed) as fault:
        raise click.ClickException(str(fault)) from None
    finally:
        if server:
            server.stop()
    if coverage is not None:
        report.write_coverage(coverage)
    for line in report.lines(language()):
        click.echo(line)
    under = report.under(least / 100)
    for process in under:
        told = say("{process} has less coverage than {least} %.", process=process.process_id, least=f"{least:g}")
        click.echo(told.within(language()), err=True)
    sys.exit(0 if report.passed and not under else 1)


@main.command(name="prove")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--sample", default=proof.SAMPLE, help="How many finished and how many running cases of a process.")
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
def prove_files(paths: tuple[Path, ...], sample: int, as_json: bool) -> None:
    """What these files would do as new versions: their scenarios, and cases replayed. Exit code 1 if one fails."""
    with house(settings()) as opened:
        found = proof.prove(opened, proof.gathered(paths), sample)
    told = [json.dumps(found.to_json(), ensure_ascii=False)] if as_json else proof.lines(found, language())
    for line in told:
        click.echo(line)
    sys.exit(0 if found.passed else 1)
