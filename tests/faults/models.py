"""The process of the fault bench, and what each of its cases must have done in the end, whatever happened meanwhile."""

from dataclasses import dataclass

from tests.engine.spiff.drawing import DEFINITIONS, ENDS, ON_MESSAGE, catch, extend, job, process, tag, timer, user

EFFECT = "fault.effect"
MESSAGE = "msg"

# A chain; then side by side two calls in a row, a timer with a call, two clicks and a message, and a call that is
# broken in some cases; then a called process, and a last call.
_FORK = '<parallelGateway id="fork"/><parallelGateway id="join"/>'
_CALLED = f'<callActivity id="called">{extend(tag("calledElement", processId="child"))}</callActivity>'
_JOBS = "".join(job(name, type=EFFECT) for name in ("first", "a1", "a2", "b1", "c1", "last"))
_BROKEN = '<serviceTask id="broken">' + extend(tag("taskDefinition", type=EFFECT, retries="2")) + "</serviceTask>"

FAULTS = process(
    ENDS
    + _FORK
    + _JOBS
    + _BROKEN
    + _CALLED
    + user("u1 u2")
    + catch("pause", timer("Duration", "=wait"))
    + catch("letter", ON_MESSAGE),
    "s first fork a1 a2 join called last e",
    "fork pause b1 join",
    "fork u1 letter c1 join",
    "fork u2 join",
    "fork broken join",
    definitions=DEFINITIONS,
    id="faults",
)
CHILD = process(ENDS + job("inner", type=EFFECT), "s inner e", id="child")
PAIR = process(
    ENDS + _FORK + job("left", type=EFFECT) + job("right", type=EFFECT),
    "s fork left join e",
    "fork right join",
    id="pair",
)
ONE = process(ENDS + job("only", type=EFFECT), "s only e", id="one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What every instance of a process does once: the elements that call outside, and which of them follow which."""

    effects: frozenset[str]
    order: tuple[tuple[str, str], ...] = ()


EXPECTED = {
    "faults": Expected(
        effects=frozenset(("first", "a1", "a2", "b1", "c1", "broken", "last")),
        order=(("first", "a1"), ("a1", "a2"), ("first", "b1"), ("a2", "last"), ("b1", "last"), ("c1", "last")),
    ),
    "child": Expected(effects=frozenset(("inner",))),
    "pair": Expected(effects=frozenset(("left", "right"))),
    "one": Expected(effects=frozenset(("only",))),
}

EVERY_BROKEN = 7


def is_broken(case: str) -> bool:
    """Whether the element `broken` fails in this case until it is mended. `case` is `worker-number`."""
    return int(case.rpartition("-")[2]) % EVERY_BROKEN == 0


def variables(case: str, wait: float) -> dict[str, str]:
    """What a case starts with; `key` correlates its message."""
    return {"case": case, "key": case, "wait": f"PT{wait:.2f}S"}
