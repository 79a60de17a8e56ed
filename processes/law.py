"""The law's own rules for models: what no process of an employer may do, whoever draws it.

Each finding names the article and what to draw instead. Words that forbid the thing ("不得扣发工资") are not taken
for it. Articles: 劳动合同法 (Labour Contract Law, LCL) 22, 25, 37, 50, 89; 工资支付暂行规定 (Wage Provisions) 9, 15.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from engine.model import Problem
from kernel.text import Text, say
from processes import red_lines
from processes.catalog import Source
from processes.document import Document, Node, read

FORBIDS = re.compile(
    r"((不得|不能|不可|不应|禁止|严禁|不许|不会|\b(never|not|no|cannot|nor|without))[^，。；,.;]{0,12}|不)$",
    re.IGNORECASE,
)
_WAGE = "(工资|薪资|薪酬|薪水)"
WAGE_HOLD = re.compile(
    rf"((暂停|停止|推迟|延迟|暂缓)(发放|支付|发)?[^，。；,.;\s]{{0,4}}{_WAGE}(?!证明)"
    rf"|(扣|押|停发|缓发|冻结)[^，。；,.;\s]{{0,4}}{_WAGE}"
    rf"|不(予)?(发|支付)[^，。；,.;\s]{{0,4}}{_WAGE}"
    rf"|{_WAGE}[^，。；,.;\s]{{0,3}}(暂停|停发|缓发|扣|冻结|暂缓|止付|不发|不予)"
    r"|(?<![a-z])(with)?hold(ing)?[\s_.-]*(the\s+)?(final\s+)?(wage|salar|pay(?!ment of comp)|payroll)"
    r"|(suspend|freeze|stop)[\s_.-]*(the\s+)?(final\s+)?(wage|salar|payroll)"
    r"|(wages?|salary|payroll|pay)[\s_.-]*((is|are|on|put)\s+)*(hold|suspend|freeze|stop|withhold)\b)",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"驳回|不同意|不批准|不予批准|未批准|否决|拒绝|不予受理"
    r"|\b(reject|refus|deny\b|denied|disapprov|declin)|not\(\s*\w*approved\s*\)|approved\s*=\s*false",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"(是否|能否|可否)?(同意|批准|准许)(其|员工)?(离职|辞职|申请)?[?？]|approve[sd]?( the)?( resignation)?\s*\?",
    re.IGNORECASE,
)
RESIGNATION = re.compile(
    r"离职|辞职|申请|领导|主管|经理|负责人|审批|resign|leav|applica|manager|approv|offboard", re.IGNORECASE
)
OTHER_MATTER = re.compile(
    r"清单|交接内容|交接材料|签字|签名|签署|学习|考试|归还|提前|协商|early|mutual|hand-?over|\bsign|exam|course|training|asset|list",
    re.IGNORECASE,
)
APPROVAL = re.compile(r"审批|审核|批准|离职|辞职|approv|resign", re.IGNORECASE)
LEAVING = re.compile(r"离职|辞职|resign|offboard", re.IGNORECASE)
CERTIFICATE = re.compile(
    r"certificate\.issue|(出具|开具|发放|签发|打印)[^，。；]{0,6}(离职证明|解除[^，。；]{0,8}证明|终止[^，。；]{0,8}证明)"
    r"|(离职证明)[^，。；]{0,4}(出具|开具|发放|签发)|issue[^.;]{0,20}(leaving|separation|employment)?\s*certificate",
    re.IGNORECASE,
)
LAST_DAY = re.compile(
    r"last\w*day|leavingOn|statutoryLastDay|最后(一个)?工作日|离职日|last (working )?day", re.IGNORECASE
)
PENALTY = re.compile(
    r"(违约金|罚款|罚金|服务期|赔偿培训费|退还培训费|penalty|\bfine\b|service period|claw-?back)", re.IGNORECASE
)
TRAINING = re.compile(r"培训|课程|学习|补学|training|course|learn", re.IGNORECASE)
LAWFUL_PENALTY = re.compile(r"专项(技术)?培训|竞业|non-?compete|special training", re.IGNORECASE)


def problems(source: Source, around: Sequence[Source] = ()) -> list[Problem]:
    """What a file would do against the law; `around` are the files that may call its processes.

    Files that cannot be read are the engine's to refuse.
    """
    if source.ending == ".form":
        return list(_form(source))
    callers = [read(other.resource.content) for other in around if other.ending == ".bpmn" and other is not source]
    return list(_model(source, read(source.resource.content), callers))


def _tell(source: Source, element: str, rule: str, sentence: Text) -> Problem:
    return Problem(file=str(source.path), element=element, rule=rule, sentence=sentence)


def _model(source: Source, document: Document, callers: Sequence[Document]) -> Iterator[Problem]:
    whole = " ".join(node.words for node in document.nodes.values())
    trains, leaving = TRAINING.search(whole) is not None, LEAVING.search(whole) is not None
    for node in document.nodes.values():
        yield from _once(_words(source, node.id, node.words, trains=trains, leaving=leaving))
    if leaving:
        yield from _refusals(source, document)
        yield from _certificate(source, document, callers)


def _once(found: Iterable[Problem]) -> Iterator[Problem]:
    """Of one element each rule once: the first sentence says it."""
    yield from {problem.rule: problem for problem in reversed([*found])}.values()


def _words(source: Source, element: str, words: str, *, trains: bool, leaving: bool) -> Iterator[Problem]:
    """What the words of one element say; `trains` and `leaving` tell what the file is about anywhere."""
    wages = _says(WAGE_HOLD, words)
    if wages is not None:
        yield _tell(
            source,
            element,
            "law-wages",
            say(
                "{element} holds wages back ({words}). Wages are paid in one sum when the contract ends (Wage "
                "Provisions 9, 15; LCL 85). Remove it; only economic compensation may wait for the handover (LCL 50).",
                element=element,
                words=wages,
            ),
        )
    penalty = _says(PENALTY, words)
    if penalty is not None and trains and not LAWFUL_PENALTY.search(words):
        yield _tell(
            source,
            element,
            "law-penalty",
            say(
                "{element} puts a penalty on training ({words}). Only special training at the employer's cost and a "
                "non-compete may carry one (LCL 22, 23, 25). Remove it, or name the special training.",
                element=element,
                words=penalty,
            ),
        )
    for crossed in red_lines.crossed(words, about_leaving=leaving):
        yield _tell(source, element, crossed.line.rule, crossed.line.sentence(element, crossed.words))


def _says(pattern: re.Pattern[str], words: str) -> str | None:
    """The first match that the clause before it does not forbid."""
    found = (match for match in pattern.finditer(words) if not FORBIDS.search(words[: match.start()]))
    return next((match.group().strip() for match in found), None)


def _refusals(source: Source, document: Document) -> Iterator[Problem]:
    for flow in document.of("sequenceFlow"):
        origin = document.nodes.get(flow.source)
        said = REFUSAL.search(f"{flow.name} {flow.condition}")
        if origin is None or said is None:
            continue
        steps = [origin, *document.before(origin.id)]
        context = " ".join([flow.name, *(f"{step.id} {step.name}" for step in steps)])
        if RESIGNATION.search(context) and not OTHER_MATTER.search(context):
            yield _tell(source, flow.id, "law-resignation", _no_refusal(flow.id, said.group()))
    for gateway in document.of("exclusiveGateway", "inclusiveGateway"):
        asked = CONSENT.search(gateway.name)
        if asked is not None and not OTHER_MATTER.search(gateway.name) and len(document.leaving(gateway.id)) > 1:
            yield _tell(source, gateway.id, "law-resignation", _no_refusal(gateway.id, gateway.name))


def _no_refusal(element: str, words: str) -> Text:
    return say(
        "{element} lets someone refuse a resignation ({words}). Resigning is the employee's own right and needs no "
        "consent (LCL 37). Let the step acknowledge, with a timer that goes on by itself; a wish to talk opens a task.",
        element=element,
        words=words,
    )


def _certificate(source: Source, document: Document, callers: Sequence[Document]) -> Iterator[Problem]:
    issuing = [
        node
        for node in document.nodes.values()
        if node.tag.endswith(("Task", "task", "callActivity")) and _issues(node)
    ]
    processes = {process.id for process in document.of("process")}
    if not issuing or _frees(document, issuing) or any(_calls(caller, processes) for caller in callers):
        return
    yield _tell(
        source,
        issuing[0].id,
        "law-certificate",
        say(
            "{element} issues the leaving certificate, and no timer of the last day leads to it: open steps could keep "
            "it back. It is due when the contract ends (LCL 50, 89). Add a non-interrupting timer of the last day that "
            "leads to issuing it.",
            element=issuing[0].id,
        ),
    )


def _calls(caller: Document, processes: set[str]) -> bool:
    """True if a timer of the last day in one file leads to calling one of the processes of another."""
    return any(caller.nodes[name].called in processes for name in _on_the_last_day(caller))


def _issues(node: Node) -> bool:
    return node.job_type == "certificate.issue" or (
        node.tag != "userTask" and CERTIFICATE.search(node.name) is not None
    )


def _last_day_timers(document: Document) -> Iterator[Node]:
    for event in document.of("boundaryEvent", "startEvent", "intermediateCatchEvent"):
        frees = event.tag == "intermediateCatchEvent" or not event.interrupts
        if "timer" in event.events and frees and LAST_DAY.search(event.words):
            yield event


def _on_the_last_day(document: Document) -> set[str]:
    """The elements that a timer of the last day leads to."""
    return document.reached(*(timer.id for timer in _last_day_timers(document)))


def _frees(document: Document, issuing: list[Node]) -> bool:
    reached = _on_the_last_day(document)
    throws = (document.nodes[name] for name in reached)
    return any(node.id in reached for node in issuing) or any(
        node.tag in ("intermediateThrowEvent", "endEvent") and CERTIFICATE.search(node.words) for node in throws
    )


def _form(source: Source) -> Iterator[Problem]:
    try:
        schema = orjson.loads(source.resource.content)
    except ValueError:
        return
    if not isinstance(schema, dict):
        return
    around = "; ".join(_texts(schema, inside=True))
    trains, leaving = TRAINING.search(around) is not None, LEAVING.search(around) is not None
    for component in _components(schema):
        yield from _once(_component(source, component, trains=trains, leaving=leaving))


def _component(source: Source, component: dict[str, Any], *, trains: bool, leaving: bool) -> Iterator[Problem]:
    where, words = str(component.get("id", "")), "; ".join(_texts(component))
    yield from _words(source, where, words, trains=trains, leaving=leaving)
    said = REFUSAL.search(words)
    asked = CONSENT.search(words) or APPROVAL.search(words)
    if said and asked and leaving and not OTHER_MATTER.search(words):
        yield _tell(source, where, "law-resignation", _no_refusal(where, said.group()))


def _components(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield component
    for child in component.get("components") or ():
        if isinstance(child, dict):
            yield from _components(child)


def _texts(value: Any, *, inside: bool = False) -> Iterator[str]:
    """Every text of a component, keys and expressions included; those of components in it only if `inside`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name != "components" or inside:
                yield from _texts(part, inside=inside)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, inside=inside)
