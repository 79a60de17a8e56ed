"""A story as it is written in `scenarios.yaml`, read and checked before anything runs.

    process: offboarding
    organisation: {departments: {...}, people: {...}}     who is there; people as `organisation.person` takes them
    systems: {crm: {...}, finance: {...}, assets: {...}}  what they know, by login
    stories:
      - name: The manager is late
        requirements: [F33]
        given: {at: 2026-11-02T09:00+08:00, systems: {...}}
        steps:
          - start: zhang.yan
            values: {reason: growth, leavingOn: 2026-12-04}
            expect: {open: [manager_confirm]}
          - at: =plan.managerDueAt
            expect: {sent: [{to: chen.bo, template: manager-approval}]}

A step does one thing and may expect others. A text that begins with "=" is FEEL over the case's variables. Jobs run
after each step with the real handlers, and a step that moves the clock fires what comes due on the way, in order.

    start: login                 by the start form with `values`, or with `variables`
    file: {employee: login, …}   a resignation that comes from OA
    complete: element            `as` a login, else the assignee, with `values`; `index` of several, from 0
    job: element                 `answers: {…}` | `fails: "why"` | `throws: CODE`, for a job that no handler performs
    message: name                `key`, `variables`, `id`           signal: name      `variables`
    wait: P1D                    at: 2026-12-02T09:00+08:00 | =plan.managerDueAt
    system: crm                  `down: true|false`, `knows: {login: …}`
    sign: login                  `agreement` by number, title or text, else what waits for them; `channel: sms|mail`,
                                 `code` instead of the one that was sent, `read: false`
    seal: login                  the company's seal: the same but for `read`
    decline: login               `reason`, `agreement`             withdraw: login   the same, for HR
    learn: login                 every lesson that is left of a `course` by number, title or short name, else of the one
                                 that waits longest; `lessons` at most, `heed: false` with nobody before the page
    examine: login               `course`, `score` of 100
    waive: login                 `of` whom, `course`, `reason`, for HR
    set: {x: 1}                  retry: element | true              cancel: true      look: true (or `expect` alone)

Form values are as a person gives them: `✍` for a signature, `{file: name.pdf}` or `{file: [a, b]}` for files.
`refused: "…"` expects that a start, a filing, a completion, a signature or a step of training is refused in words that
have these among them. Signing goes through the signing room: the signer agrees to it, reads each page, and enters the
code that was sent. Learning takes the time that the server asks for, and every exam is drawn anew.

A job that no handler performs is answered by the example at its element, the property
`camundaModeler:exampleOutputJson` (Camunda Modeler keeps it there), unless a `job` step follows. Without an example it
waits, as it would for a worker of your own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kernel.errors import Invalid
from kernel.text import Text, say
from processes.story import yamls
from processes.story.grammar import ACTIONS, DETAILS, EXPECTATIONS, check_kinds

_FILE = frozenset({"process", "organisation", "systems", "given", "stories"})
_STORY = frozenset({"name", "requirements", "given", "steps", "process"})
_GIVEN = frozenset({"at", "variables", "people", "systems"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: `action` with its `subject`, details, and what is expected afterwards. `number` counts from 1."""

    number: int
    action: str
    subject: Any
    details: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> Text:
        """Which step it is, as a failure names it."""
        subject = "" if self.subject in (None, True) else f" {self.subject}"
        return say("step {n} ({what})", n=self.number, what=f"{self.action}{subject}")

    def __str__(self) -> str:
        return str(self.sentence)

    def written(self) -> dict[str, Any]:
        """The step as it stands in a file, without what it expects."""
        return {self.action: self.subject, **self.details}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story with the world that it begins in."""

    file: Path
    name: str
    process: str
    at: datetime | str
    steps: tuple[Step, ...]
    requirements: tuple[str, ...] = ()
    organisation: Mapping[str, Any] = field(default_factory=dict)
    systems: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)


def read(path: Path) -> list[Story]:
    """The stories of a file. Raises Invalid naming the file, the story and what is wrong."""
    return read_bytes(path.read_bytes(), path)


def read_bytes(content: bytes, path: Path) -> list[Story]:
    """The same for a file that lies nowhere; `path` is how it is called."""
    return _stories(_whole(content, path), path)


def _whole(content: bytes, path: Path) -> dict[str, Any]:
    return _object(yamls.load(content, path), path, "the file", _FILE)


def _stories(whole: Mapping[str, Any], path: Path) -> list[Story]:
    stories = whole.get("stories")
    if not isinstance(stories, list) or not stories:
        raise Invalid(say("{file} tells no stories. List them under stories.", file=path.name))
    return [_story(path, whole, story) for story in stories]


def world(content: bytes, path: Path, process: str) -> Story:
    """The world that the stories of a file begin in, as a story of a process without a name or steps.

    `at` is empty where only single stories say when they begin. Raises Invalid as `read_bytes` does.
    """
    whole = _whole(content, path)
    first = _stories(whole, path)[0]
    given = _object(whole.get("given"), path, "given", _GIVEN)
    return replace(
        first,
        name="",
        process=process,
        at=given.get("at", ""),
        steps=(),
        requirements=(),
        organisation=_organisation(whole, given),
        systems={**_mapping(whole.get("systems")), **_mapping(given.get("systems"))},
        variables=_mapping(given.get("variables")),
    )


def step(written: Any, number: int, name: str = "") -> Step:
    """One step by itself, as it would stand in a story of this name. Raises Invalid saying what is wrong."""
    return _step(Path("scenarios.yaml"), name, number, _plain(written))


def _story(path: Path, whole: Mapping[str, Any], written: Any) -> Story:
    story = _object(written, path, "a story", _STORY)
    name = str(story.get("name", ""))
    given = {**_object(whole.get("given"), path, "given", _GIVEN), **_object(story.get("given"), path, name, _GIVEN)}
    process = story.get("process", whole.get("process"))
    if not name or not isinstance(process, str) or "at" not in given:
        raise Invalid(
            say("{file}: a story needs a name, a process and given.at; {name} lacks one.", file=path.name, name=name)
        )
    steps = story.get("steps")
    if not isinstance(steps, list) or not steps:
        raise Invalid(say("{file}: the story {name} has no steps.", file=path.name, name=name))
    return Story(
        file=path,
        name=name,
        process=process,
        at=given["at"],
        steps=tuple(_step(path, name, number, step) for number, step in enumerate(steps, start=1)),
        requirements=tuple(story.get("requirements") or ()),
        organisation=_organisation(whole, given),
        systems={**_mapping(whole.get("systems")), **_mapping(given.get("systems"))},
        variables=_mapping(given.get("variables")),
    )


def _organisation(whole: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    organisation = _mapping(whole.get("organisation"))
    people = _mapping(organisation.get("people"))
    for login, changes in _mapping(given.get("people")).items():
        people[login] = {**_mapping(people.get(login)), **_mapping(changes)}
    return {**organisation, "people": people}


def _mapping(found: Any) -> dict[str, Any]:
    """An object, empty where nothing is written. Raises Invalid for anything else."""
    if found is not None and not isinstance(found, dict):
        raise Invalid(say("Organisation, people, systems and variables of scenarios must be objects."))
    return dict(found or {})


def _step(path: Path, name: str, number: int, written: Any) -> Step:
    where = f"{name}, step {number}" if name else f"step {number}"
    if not isinstance(written, dict):
        raise Invalid(say("{file}: {where} is no object.", file=path.name, where=where))
    actions = [action for action in ACTIONS if action in written]
    if not actions and "expect" in written:
        written = {"look": True, **written}
        actions = ["look"]
    if len(actions) != 1:
        raise Invalid(
            say(
                "{file}: {where} must do one of {known}; it does {found}.",
                file=path.name,
                where=where,
                known=", ".join(ACTIONS),
                found=", ".join(actions) or "none",
            )
        )
    action = actions[0]
    _object(written, path, where, DETAILS[action] | {action, "expect"})
    check_kinds(written, path, where, action)
    return Step(
        number=number,
        action=action,
        subject=written[action],
        details={key: value for key, value in written.items() if key not in (action, "expect")},
        expect=_object(written.get("expect"), path, where, EXPECTATIONS),
    )


def _object(written: Any, path: Path, where: str, known: frozenset[str]) -> dict[str, Any]:
    found = _plain(written) if written is not None else {}
    if not isinstance(found, dict):
        raise Invalid(say("{file}: {where} must be an object.", file=path.name, where=where))
    strange = sorted(set(found) - known)
    if strange:
        raise Invalid(
            say(
                "{file}: {where} has {strange}, which means nothing here. Known are: {known}.",
                file=path.name,
                where=where,
                strange=", ".join(strange),
                known=", ".join(sorted(known)),
            )
        )
    return found


def _plain(written: Any) -> Any:
    """What YAML read, as JSON: dates and times as ISO texts."""
    if isinstance(written, dict):
        return {str(key): _plain(value) for key, value in written.items()}
    if isinstance(written, list):
        return [_plain(value) for value in written]
    return written.isoformat() if isinstance(written, date | datetime) else written
