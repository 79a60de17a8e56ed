"""What elements of a file refer to by id: messages, signals, errors, escalations, shared event definitions."""

from dataclasses import dataclass

from engine.spiff.compile.dialect import extensions
from engine.spiff.compile.report import Refused, Report
from engine.spiff.compile.xml import Tree, bpmn, elements
from kernel.text import say

SHARED = {bpmn(tag) for tag in ("message", "signal", "error", "escalation")}


@dataclass(frozen=True, slots=True)
class Message:
    """A message; `key` is the text of its correlation key, empty where it has none."""

    name: str
    key: str


class Document:
    """The definitions of one file by id. A reference that leads nowhere is refused where it is used."""

    def __init__(self, root: Tree, report: Report) -> None:
        self.root = root
        self.report = report
        self._by_id: dict[str, Tree] = {}
        for element in elements(root):
            self._by_id.setdefault(element.get("id", ""), element)

    def processes(self) -> list[Tree]:
        """The processes that are to be executed."""
        return [
            process
            for process in self.root.iterfind(bpmn("process"))
            if process.get("isExecutable", "false").strip() in ("true", "1")
        ]

    def ids_of_processes(self) -> list[str]:
        """The ids of all processes, executable or not."""
        return [process.get("id", "") for process in self.root.iterfind(bpmn("process"))]

    def shared(self) -> list[Tree]:
        """What stands beside the processes and is read with them."""
        return [element for element in elements(self.root) if element.tag in SHARED]

    def message(self, user: Tree, owner: str) -> Message:
        """The message that `messageRef` of an element names."""
        found = self._referenced(user, owner, "message")
        name = found.get("name")
        if not name:
            raise Refused(owner, "message-name", say("The message {id} has no name. Give it one.", id=found.get("id")))
        return Message(name, extensions(found).get("subscription").get("correlationKey", ""))

    def signal(self, user: Tree, owner: str) -> str:
        """The name of the signal that `signalRef` names."""
        found = self._referenced(user, owner, "signal")
        name = found.get("name")
        if not name:
            raise Refused(owner, "signal-name", say("The signal {id} has no name. Give it one.", id=found.get("id")))
        return str(name)

    def code(self, user: Tree, owner: str, kind: str, *, required: bool) -> str | None:
        """The error or escalation code that `errorRef` or `escalationRef` names; None stands for any."""
        if not required and user.get(f"{kind}Ref") is None:
            return None
        found = self._referenced(user, owner, kind)
        code = found.get(f"{kind}Code")
        if not code and required:
            raise Refused(
                owner,
                f"{kind}-code",
                say(
                    "The {kind} {id} has no code, so nothing can tell it apart. Give it one.",
                    kind=kind,
                    id=found.get("id"),
                ),
            )
        return code or None

    def event_definition(self, id: str) -> Tree | None:
        """An event definition that stands beside the processes, to be shared."""
        return self._by_id.get(id)

    def _referenced(self, user: Tree, owner: str, kind: str) -> Tree:
        reference = user.get(f"{kind}Ref")
        if not reference:
            raise Refused(
                owner, "missing-reference", say("No {kind} is chosen. Choose one, or define it first.", kind=kind)
            )
        found = self._by_id.get(reference.rpartition(":")[2])
        if found is None or found.tag != bpmn(kind):
            raise Refused(
                owner,
                "dangling-reference",
                say("There is no {kind} {id} in the file. Define it, or choose another.", kind=kind, id=reference),
            )
        return found
