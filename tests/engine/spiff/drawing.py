"""Models for stories, drawn in a line: `process(START + END + user("a"), "s a e")`."""

from xml.sax.saxutils import escape, quoteattr

from engine.spiff.compile.xml import BPMN, ZEEBE

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
ENDS = START + END


def flows(*chains: str, prefix: str = "f") -> tuple[str, dict[str, str]]:
    """Sequence flows from chains such as `s x {n > 1} a e` and `x {default} e`; and the default flow of each node."""
    lines, defaults = [], {}
    for chain in chains:
        source, condition = "", ""
        for part in _parts(chain):
            if part.startswith("{"):
                condition = part[1:-1]
                continue
            if source:
                id = f"{prefix}{len(lines) + 1}"
                if condition == "default":
                    defaults[source] = id
                written = f"<conditionExpression>={escape(condition)}</conditionExpression>"
                inner = written if condition and condition != "default" else ""
                lines.append(f'<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{part}">{inner}</sequenceFlow>')
            source, condition = part, ""
    return "".join(lines), defaults


def _parts(chain: str) -> list[str]:
    parts, rest = [], chain.strip()
    while rest:
        end = rest.index("}") + 1 if rest.startswith("{") else (rest + " ").index(" ")
        parts.append(rest[:end])
        rest = rest[end:].strip()
    return parts


def process(body: str, *chains: str, definitions: str = "", id: str = "p") -> str:
    """A file with one process."""
    drawn, defaults = flows(*chains)
    for node, flow in defaults.items():
        body = body.replace(f'id="{node}"', f'id="{node}" default="{flow}"')
    return (
        f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" targetNamespace="t">{definitions}'
        f'<process id="{id}" isExecutable="true">{body}{drawn}</process></definitions>'
    )


def tags(kind: str, names: str, inner: str = "") -> str:
    return "".join(f'<{kind} id="{name}">{inner}</{kind}>' for name in names.split())


def user(names: str, inner: str = "") -> str:
    return tags("userTask", names, inner)


def tag(name: str, *inner: str, **attributes: str) -> str:
    """A zeebe element."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<zeebe:{name}{written}>{''.join(inner)}</zeebe:{name}>"


def extend(*inner: str) -> str:
    return f"<extensionElements>{''.join(inner)}</extensionElements>"


def io(takes: dict[str, str] | None = None, gives: dict[str, str] | None = None) -> str:
    """Input and output mappings, target: source."""
    return tag(
        "ioMapping",
        *[tag("input", source=source, target=target) for target, source in (takes or {}).items()],
        *[tag("output", source=source, target=target) for target, source in (gives or {}).items()],
    )


def job(id: str, *extensions: str, inner: str = "", type: str = "work") -> str:
    return f'<serviceTask id="{id}">{extend(tag("taskDefinition", type=type), *extensions)}{inner}</serviceTask>'


def script(id: str, expression: str, result: str, *extensions: str) -> str:
    written = tag("script", expression=expression, resultVariable=result)
    return f'<scriptTask id="{id}">{extend(written, *extensions)}</scriptTask>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><time{kind}>{text}</time{kind}></timerEventDefinition>"


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>={escape(text)}</condition></conditionalEventDefinition>"


def boundary(id: str, host: str, event: str, interrupting: bool = True) -> str:
    cancels = str(interrupting).lower()
    return f'<boundaryEvent id="{id}" attachedToRef="{host}" cancelActivity="{cancels}">{event}</boundaryEvent>'


def catch(names: str, event: str) -> str:
    return tags("intermediateCatchEvent", names, event)


def throw(names: str, event: str) -> str:
    return tags("intermediateThrowEvent", names, event)


def sub(id: str, body: str, *chains: str, kind: str = "subProcess", first: str = "", last: str = "") -> str:
    """A sub-process with a start event `<id>s` and an end event `<id>e`."""
    ends = f'<startEvent id="{id}s"/><endEvent id="{id}e">{last}</endEvent>'
    return f'<{kind} id="{id}">{first}{ends}{body}{flows(*chains, prefix=f"{id}f")[0]}</{kind}>'


def listener(id: str, event: str, activity: str, interrupting: bool = True, last: str = "") -> str:
    """An event sub-process with one user task."""
    start = f'<startEvent id="{id}s" isInterrupting="{str(interrupting).lower()}">{event}</startEvent>'
    drawn = flows(f"{id}s {activity} {id}e", prefix=f"{id}f")[0]
    end = f'<endEvent id="{id}e">{last}</endEvent>'
    return f'<subProcess id="{id}" triggeredByEvent="true">{start}{end}{user(activity)}{drawn}</subProcess>'


def many(*, sequential: bool = False, until: str = "", output: str = "=r * item", items: str = "=list") -> str:
    """A multi-instance marker."""
    given = tag(
        "loopCharacteristics", inputCollection=items, inputElement="item", outputCollection="out", outputElement=output
    )
    ends = f"<completionCondition>={until}</completionCondition>" if until else ""
    order = str(sequential).lower()
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{order}">{extend(given)}{ends}'
        "</multiInstanceLoopCharacteristics>"
    )


ON_MESSAGE = '<messageEventDefinition messageRef="m"/>'
ON_SIGNAL = '<signalEventDefinition signalRef="sig"/>'
ON_ERROR = '<errorEventDefinition errorRef="err"/>'
ON_OTHER_ERROR = '<errorEventDefinition errorRef="err2"/>'
ON_ESCALATION = '<escalationEventDefinition escalationRef="esc"/>'
TERMINATE = "<terminateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
COMPENSATE = "<compensateEventDefinition/>"
DEFINITIONS = (
    f'<message id="m" name="msg">{extend(tag("subscription", correlationKey="=key"))}</message>'
    '<signal id="sig" name="sig"/><error id="err" errorCode="E"/><error id="err2" errorCode="E2"/>'
    '<escalation id="esc" escalationCode="X"/>'
)
