"""`jiaojie deploy`: what the studio asks before it publishes is asked here too, so that a pipeline is no way round."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from api import proposals
from api.cli.base import CLI, house, language, main, settings
from api.proposals import Proposed
from engine.commands.deploy import Deployment
from engine.model import Problem
from kernel.text import Text, say
from processes import lint, proof, publish
from processes.compare import Change, Detail
from processes.proof.prove import deployable
from processes.publish import Difference
from tasks.house import House

SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--comment", default="", help="What is new; it is kept with the version.")
@click.option("--reason", default="", help="Why it is published although scenarios fail; it goes into the audit log.")
@click.option("--sample", default=0, help="How many finished and how many running cases of a process are replayed.")
@click.option("--json", "as_json", is_flag=True, help="Print all that was found and done as JSON.")
def deploy(paths: tuple[Path, ...], comment: str, reason: str, sample: int, as_json: bool) -> None:
    """Check process files, tell what they change, play their scenarios, and deploy them together.

    Exit code 1 if they cannot be published, or a scenario fails and no reason is given. Where a second person has to
    approve, a proposal is left.
    """
    with house(settings(), migrate=True) as opened:
        order = Order(opened, paths, comment.strip(), reason.strip(), sample)
        told = order.carried_out()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for line in order.lines:
            click.echo(line)
    sys.exit(0 if told["published"] or told["waits"] or not told["changed"] else 1)


class Order:
    """One call of the command, with what there is to be printed in `lines`."""

    def __init__(self, opened: House, paths: Sequence[Path], comment: str, reason: str, sample: int) -> None:
        self._house, self._comment, self._reason, self._sample = opened, comment, reason, sample
        self._files = proof.gathered(paths)
        self.lines: list[str] = []

    def carried_out(self) -> dict[str, Any]:
        """What was found and done, as JSON. Raises Refusal for files that cannot be read."""
        found: dict[str, Any] = {"changed": True, "published": False, "waits": False}
        problems, differences = self._looked_at()
        found["problems"] = [_problem(problem) for problem in problems]
        if lint.errors(problems):
            self._say(say("These files cannot be published. Correct the errors first."))
            return found
        found["differences"] = [_difference(one) for one in differences]
        if not any(one.new for one in differences):
            self._say(say("Nothing is new: what is deployed says the same. Nothing was deployed."))
            return {**found, "changed": False}
        return {**found, **self._proposed()}

    def _looked_at(self) -> tuple[list[Problem], list[Difference]]:
        files = deployable(self._files)
        with self._house.database.transaction() as unit:
            problems = publish.checked(self._house.engine, unit, files)
            self.lines += [lint.line(problem, language()) for problem in problems]
            if lint.errors(problems):
                return problems, []
            differences = publish.differences(self._house.engine, unit, files)
        for one in differences:
            for sentence in _words(one):
                self._say(sentence)
        return problems, differences

    def _proposed(self) -> dict[str, Any]:
        """The proof, and the publication where nothing stands in its way."""
        key = proposals.create(self._house, self._files, actor=CLI, sample=self._sample, comment=self._comment)
        proposals.begin(self._house, key).join()
        found = proposals.read(self._house.database.once(), key)
        if found.proof is None:
            self._say(found.failure or say("The proof was stopped."))
            return {"proposal": str(key)}
        self.lines += proof.lines(found.proof, language())
        told = {"proposal": str(key), "proof": found.proof.to_json()}
        if not found.proof.passed and not self._reason:
            self._say(say("Nothing was deployed. Give --reason if it is to be published all the same."))
            return told
        return {**told, **self._published(found)}

    def _published(self, found: Proposed) -> dict[str, Any]:
        if self._house.settings.publish_approval:
            place = f"{self._house.settings.public_url}/studio/proposals/{found.key}"
            self._say(
                say("It waits for the approval of a second person, who then publishes it at {place}.", place=place)
            )
            return {"waits": True, "approve_at": place}
        done = proposals.publish(self._house, found.key, actor=CLI, reason=self._reason).deployment
        self.lines += _versions(done)
        return {
            "published": True,
            "deployment": str(done.key),
            "definitions": [asdict(one) for one in done.definitions],
        }

    def _say(self, sentence: Text) -> None:
        self.lines.append(sentence.within(language()))


def _versions(done: Deployment) -> list[str]:
    return [f"{d.kind} {d.id} v{d.version}{'' if d.new else ' (unchanged)'}" for d in done.definitions]


def _words(one: Difference) -> Iterator[Text]:
    """What publishing a file does, and what its elements say otherwise."""
    if not one.new:
        yield say("{file}: unchanged", file=one.name)
        return
    if one.before is None:
        yield say("{file}: new", file=one.name)
    elif one.changes:
        yield say("{file}: {n} changes", file=one.name, n=len(one.changes))
    else:
        yield say("{file}: says the same, and is bound to files that are new", file=one.name)
    for change in one.changes or ():
        yield Text("  {sign} {element}", {"sign": SIGNS[change.kind], "element": _named(change)})
        for detail in change.details:
            yield Text("      {what}: {before} → {after}", _detail(detail))


def _named(change: Change) -> Text:
    return Text("{tag} {name} ({id})", {"tag": change.tag, "name": change.title, "id": change.element})


def _detail(detail: Detail) -> dict[str, object]:
    return {"what": detail.what, "before": detail.before or "-", "after": detail.after or "-"}


def _problem(problem: Problem) -> dict[str, Any]:
    return {**asdict(problem), "sentence": problem.sentence.within(language())}


def _difference(one: Difference) -> dict[str, Any]:
    changes = None if one.changes is None else [_change(change) for change in one.changes]
    return {"file": one.name, "new": one.new, "definitions": [asdict(d) for d in one.definitions], "changes": changes}


def _change(change: Change) -> dict[str, Any]:
    details = [
        {"what": detail.what.within(language()), "before": detail.before, "after": detail.after}
        for detail in change.details
    ]
    return {
        "element": change.element,
        "tag": change.tag,
        "name": change.title.within(language()),
        "kind": change.kind,
        "details": details,
    }
