"""The text of an agreement as it is written: a head in YAML, then articles, lists, fields and conditions.

    ---
    title: 保密协议
    kind: confidentiality
    summary: ["……"]
    fields: [{key: months, label: 期限（月）, type: number, default: 24}]
    signers: [{role: employee, label: 乙方（员工）}, {role: company, place: 2, label: 甲方（用人单位）}]
    ---
    ## 保密范围 {#scope}
    乙方 **{{ employee.name }}** 应当……（见[[scope]]）
    ::: if months > 12
    - ……
    ::: else
    1. ……
    :::

Reading only: `fill` makes the words for one person. Nothing typed here is ever markup of the page it is printed on.
The whole of it is described in docs/reference/agreement-texts.md.
"""

from functools import lru_cache

from hr.agreements import body, head
from hr.agreements.parts import (
    SOURCE_BYTES,
    AgreementText,
    Block,
    Choice,
    Fault,
    Field,
    SignerPlace,
    TextRefused,
    blocks,
)
from kernel.text import say

__all__ = ["AgreementText", "Block", "Choice", "Fault", "Field", "SignerPlace", "TextRefused", "blocks", "parse"]

_FENCE = "---"


def parse(source: str) -> AgreementText:
    """Read a text. Raises TextRefused with every fault at its line."""
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > SOURCE_BYTES:
        sentence = say("The text has {size} bytes; at most {most} are taken. Shorten it.", size=size, most=SOURCE_BYTES)
        raise TextRefused([Fault(0, sentence)])
    return _parsed(source.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=64)
def _parsed(source: str) -> AgreementText:
    lines = source.split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if lines[0].rstrip() != _FENCE or end is None:
        sentence = say("The text begins with its head, between two lines of three hyphens (---). Add it at the top.")
        raise TextRefused([Fault(1, sentence)])
    faults: list[Fault] = []
    top = head.read("\n".join(lines[1:end]), 2, faults)
    parts = body.read(lines[end + 1 :], end + 2, [field.key for field in top.fields], faults)
    if not parts and not faults:
        faults.append(Fault(end + 1, say("The text has no words below its head. Write the first article.")))
    if faults:
        raise TextRefused(sorted(faults, key=lambda fault: fault.line))
    return AgreementText(
        title=top.title,
        kind=top.kind,
        summary=top.summary,
        fields=top.fields,
        signers=top.signers,
        validity=top.validity,
        body=parts,
        source=source,
    )
