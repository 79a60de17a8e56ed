"""Small models written as flows: `a > b` lines make a process that the engine accepts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model import Resource
from processes.catalog import Source

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'id="definitions" targetNamespace="http://bpmn.io/schema/bpmn" '
    'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.9.0">'
)

Model = Callable[..., bytes]


@pytest.fixture
def bpmn() -> Model:
    """Makes a BPMN file: `body` as XML, `flows` as `id: source > target [: name [: condition]]` lines."""

    def make(body: str, flows: str = "", process: str = "offboarding", name: str = "离职", more: str = "") -> bytes:
        drawn = "".join(_flow(line) for line in flows.strip().splitlines() if line.strip())
        return (
            f'{HEAD}<bpmn:process id="{process}" name="{name}" isExecutable="true">{body}{drawn}</bpmn:process>{more}'
            "</bpmn:definitions>"
        ).encode()

    return make


def _flow(line: str) -> str:
    identity, ends, *rest = (part.strip() for part in line.split(":"))
    source, target = (part.strip() for part in ends.split(">"))
    name = f' name="{rest[0]}"' if rest else ""
    condition = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{rest[1]}</bpmn:conditionExpression>'
        if len(rest) > 1
        else ""
    )
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="{identity}"{name} {ends}>{condition}</bpmn:sequenceFlow>'


@pytest.fixture
def source() -> Callable[[str, bytes], Source]:
    """A file that lies nowhere."""
    return lambda name, content: Source(Path(name), Resource(name, content))
