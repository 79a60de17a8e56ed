"""Whatever a file holds, it compiles or is refused by name: models that are garbled at random, nested deep, or large.

Each seed is one garbled model, so a failure can be played again by its number. Nothing is run here: that lint does not
fall over is what this is about.
"""

import copy
import random
import time
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.model import Resource
from engine.spiff.compile import compiled
from processes import lint
from processes.catalog import Source, home
from tests.engine.spiff.drawing import (
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    catch,
    condition,
    io,
    job,
    listener,
    many,
    process,
    script,
    sub,
    tags,
    throw,
    timer,
    user,
)

SEEDS = 250
GUARD_S = 30.0  # CPU seconds that only a hang or a cube of the size would need; the figures are in the benchmark
WEIRD = [
    "", "0", "-1", "²", "１２", "9" * 30, "9" * 5000, "=", "=)", "=null", "=[1,2", '= "x', "P1D", "R3/PT1H", "R/",
    "true", "{}", "a'b", 'a"b', "../x", "=" + "(" * 500, '=@"2020"', "2026-13-45T00:00:00Z", "<start>", "root",
    "2026-01-01T00:00:00[Asia]", "p", "Infinity", "1e999", "0 0 0 31 2 *", "* * * * *", "=function(x) x", "=1..3", "é",
    "𬎆", "a b", "s", "e",
]  # fmt: skip
LINK = '<linkEventDefinition name="L"/>'
SMALL = [
    process(
        ENDS + job("a", io({"n": "=1"})) + sub("p1", user("b"), "p1s b p1e") + boundary("c", "a", ON_MESSAGE),
        "s a {n > 1} p1 e",
        "a {default} e",
        "c e",
        definitions=DEFINITIONS,
    ),
    process(
        ENDS
        + tags("inclusiveGateway", "o j")
        + tags("eventBasedGateway", "g")
        + catch("c", ON_MESSAGE)
        + catch("t", timer("Duration", "PT1H"))
        + user("a b", many())
        + script("x", "=n + 1", "n"),
        "s o {n > 1} a j g c e",
        "o {default} b j",
        "g t x e",
        definitions=DEFINITIONS,
    ),
    process(
        ENDS
        + listener("l", ON_MESSAGE, "u")
        + user("a ua")
        + boundary("ca", "a", COMPENSATE)
        + '<association id="x1" sourceRef="ca" targetRef="ua"/>'
        + throw("th", COMPENSATE)
        + throw("l1", LINK)
        + catch("l2", LINK)
        + catch("cc", condition("n > 1")),
        "s a th l1",
        "l2 cc e",
        definitions=DEFINITIONS,
    ).replace('"ua">', '"ua" isForCompensation="true">'),
]


def seeds() -> list[Any]:
    shipped = sorted(home().rglob("*.bpmn"))
    return [etree.fromstring(text.encode()) for text in SMALL] + [etree.parse(str(path)).getroot() for path in shipped]


def test_a_garbled_model_compiles_or_is_refused_by_name(caplog):
    roots = seeds()
    outcomes = {True: 0, False: 0}
    for seed in range(SEEDS):
        rng = random.Random(seed)
        content = garbled(rng.choice(roots), rng)
        found = compiled(Resource(f"seed {seed}.bpmn", content))
        assert all(problem.rule != "internal" and str(problem.sentence) for problem in found.problems), (
            seed,
            caplog.text[-800:],
        )
        assert found.models or found.errors, seed
        outcomes[bool(found.errors)] += 1
        if seed % 8 == 0:
            lint.check([Source(Path(f"seed-{seed}.bpmn"), Resource(f"seed-{seed}.bpmn", content))])
    assert all(count > SEEDS // 20 for count in outcomes.values()), "both kinds of outcome are what this is about"


def garbled(root: Any, rng: random.Random) -> bytes:
    """A copy with one to four faults in it."""
    tree = copy.deepcopy(root)
    for _ in range(rng.randint(1, 4)):
        elements = [e for e in tree.iter("{*}*") if "/DI" not in str(e.tag) and "/DD/" not in str(e.tag)]
        if len(elements) > 1:
            rng.choice(FAULTS)(elements, rng)
    return etree.tostring(tree)


def drop(elements: list[Any], rng: random.Random) -> None:
    gone = rng.choice(elements[1:])
    gone.getparent().remove(gone)


def double(elements: list[Any], rng: random.Random) -> None:
    rng.choice(elements).append(copy.deepcopy(rng.choice(elements[1:])))


def rename(elements: list[Any], rng: random.Random) -> None:
    rng.choice(elements[1:]).tag = rng.choice(elements[1:]).tag


def swap_ids(elements: list[Any], rng: random.Random) -> None:
    one, other = (rng.choice([e for e in elements if e.get("id")]) for _ in range(2))
    first, second = one.get("id"), other.get("id")
    one.set("id", second)
    other.set("id", first)


def take_attribute(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice([e for e in elements if e.attrib])
    del element.attrib[rng.choice(list(element.attrib))]


def garble_attribute(elements: list[Any], rng: random.Random) -> None:
    element = rng.choice([e for e in elements if e.attrib])
    name = rng.choice(list(element.attrib))
    element.set(name, spoiled(element.get(name), rng))


def borrow_attribute(elements: list[Any], rng: random.Random) -> None:
    one, other = (rng.choice([e for e in elements if e.attrib]) for _ in range(2))
    one.set(rng.choice(list(one.attrib)), other.get(rng.choice(list(other.attrib))))


def garble_text(elements: list[Any], rng: random.Random) -> None:
    written = [e for e in elements if (e.text or "").strip()]
    if written:
        element = rng.choice(written)
        element.text = spoiled(element.text, rng)


def spoiled(text: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(WEIRD)
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice([*"=()[]{}\"'.+-*/<>", *WEIRD]) + text[at + rng.randint(0, 3) :]


FAULTS = (drop, double, rename, swap_ids, take_attribute, garble_attribute, borrow_attribute, garble_text)


def nested(levels: int) -> str:
    body = user("u")
    for level in range(levels):
        inside = f"p{level - 1}" if level else "u"
        body = sub(f"p{level}", body, f"p{level}s {inside} p{level}e")
    return process(ENDS + body, f"s p{levels - 1} e")


def test_two_hundred_sub_processes_in_each_other_are_refused_and_fifty_are_not():
    assert [problem.rule for problem in compiled(Resource("deep.bpmn", nested(200).encode())).errors] == ["depth"]
    assert not compiled(Resource("deep.bpmn", nested(50).encode())).errors


def line(kind: str, count: int) -> str:
    names = [f"n{n}" for n in range(count)]
    return process(ENDS + tags(kind, " ".join(names)), " ".join(["s", *names, "e"]))


def blocks(kind: str, count: int) -> str:
    """So many splits and joins one behind the other."""
    mark = "" if kind == "parallelGateway" else "{true} "
    chains, last = [], "s"
    for n in range(count):
        chains += [f"{last} g{n} {mark}h{n}", f"g{n} {mark}h{n}"]
        last = f"h{n}"
    names = " ".join(f"g{n} h{n}" for n in range(count))
    return process(ENDS + tags(kind, names), *chains, f"{last} e")


def fan(kind: str, count: int) -> str:
    names = " ".join(f"n{n}" for n in range(count))
    chains = [f"g {'' if kind == 'parallelGateway' else '{true} '}n{n} j" for n in range(count)]
    return process(ENDS + tags(kind, "g j") + tags("task", names), "s g", "j e", *chains)


def undone(count: int) -> str:
    names = [f"n{n}" for n in range(count)]
    hands = "".join(
        boundary(f"c{n}", f"n{n}", COMPENSATE)
        + f'<userTask id="u{n}" isForCompensation="true"/><association id="x{n}" sourceRef="c{n}" targetRef="u{n}"/>'
        for n in range(count)
    )
    return process(ENDS + tags("task", " ".join(names)) + hands, " ".join(["s", *names, "e"]))


LARGE = {
    "a line of tasks": lambda: line("task", 2500),
    "a line of joins with one way": lambda: line("inclusiveGateway", 2500),
    "inclusive blocks": lambda: blocks("inclusiveGateway", 800),
    "parallel blocks": lambda: blocks("parallelGateway", 800),
    "a wide inclusive fan": lambda: fan("inclusiveGateway", 1600),
    "a wide parallel fan": lambda: fan("parallelGateway", 1600),
    "things undone": lambda: undone(1000),
    "many listeners": lambda: process(
        ENDS + "".join(listener(f"l{n}", ON_MESSAGE, f"a{n}") for n in range(700)), "s e", definitions=DEFINITIONS
    ),
    "many links": lambda: process(
        ENDS
        + "".join(
            throw(f"t{n}", LINK.replace("L", f"L{n}")) + catch(f"c{n}", LINK.replace("L", f"L{n}")) for n in range(1200)
        ),
        *(f"c{n} t{n + 1}" for n in range(1199)),
        "s t0",
        "c1199 e",
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_model_of_five_thousand_elements_is_checked_without_hanging(name):
    content = LARGE[name]().encode()
    source = Source(Path("large.bpmn"), Resource("large.bpmn", content))
    began = time.process_time()
    found = lint.check([source])
    assert time.process_time() - began < GUARD_S
    assert not [problem for problem in found if problem.error], found[:3]
