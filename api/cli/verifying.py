"""`jiaojie verify`: whether a signed PDF or an evidence package is genuine, as the page of verification tells it."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from api.cli.base import house, language, main, settings
from kernel.text import Text, say
from tasks.human import verification
from tasks.human.verdicts import SignerTold, Verdict

GOOD = ("genuine", "intact")
ON_TRIAL = say("Signed on trial: nobody outside the company vouches for the certificates.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(file: Path) -> None:
    """Check FILE, a signed PDF or an evidence package. Exit 1 when anything is wrong with it."""
    found = settings()
    if file.stat().st_size > verification.MOST:
        raise click.ClickException(_said(verification.too_large()))
    with house(found, migrate=True) as opened:
        verdict = verification.of_file(opened, file.read_bytes())
    for line in _lines(verdict, ZoneInfo(found.zone)):
        click.echo(line)
    if verdict.outcome not in GOOD:
        raise SystemExit(1)


def _said(text: Text) -> str:
    return text.within(language())


def _lines(verdict: Verdict, zone: ZoneInfo) -> Iterator[str]:
    yield f"{_said(verdict.headline)}: {_said(verdict.explanation)}"
    if verdict.trial:
        yield f"! {_said(ON_TRIAL)}"
    if verdict.warning:
        yield f"! {_said(verdict.warning)}"
    yield from (f"× {_said(problem)}" for problem in verdict.problems)
    yield from (f"√ {_said(one)}" for one in verdict.held)
    yield from (f"  {_signer(one, zone)}" for one in verdict.signers)
    if verdict.digests:
        yield f"  SHA-256 {verdict.digests.sha256}"
        yield f"  SM3     {verdict.digests.sm3}"


def _signer(one: SignerTold, zone: ZoneInfo) -> str:
    at = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if one.at else "—"
    role = f" ({_said(one.role)})" if one.role else ""
    return f"{one.name}{role}, {at}, {one.issuer}: {_said(one.since) if one.since else ''}"
