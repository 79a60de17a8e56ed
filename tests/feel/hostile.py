"""Expressions that want too much, each in a process of its own under a memory limit.

`python -m tests.feel.hostile` prints what each took, as lines of JSON: name, seconds of the processor, MiB above what
the process had before, and what came of it.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feel

MIB = 1 << 20
ROOM = 256 * MIB  # address space above what the process has; allocators take more of it than they use
EMOJI = '{a0: "' + "😀" * 1000 + '", ' + ", ".join(f"a{n}: a{n - 1} + a{n - 1}" for n in range(1, 10))
DOUBLED = "{a0: [1, 1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 40))
LIST = "{l: for i in 1..30000 return i, r: "
WIDE = "{" + ", ".join(f"a{n}: {n}" for n in range(900)) + "}"

EXPRESSIONS = {
    # loops
    "long loop": "for i in 1..1000000000 return i",
    "loop in a loop": "sum(for i in 1..100000 return sum(for j in 1..100000 return j))",
    "crossed loops": "for a in 1..1000, b in 1..1000 return a * b",
    "endless search": "some i in 1..1000000000 satisfies i < 0",
    "search in a search": "every i in 1..99999 satisfies (some j in 1..99999 satisfies i = j)",
    "many days": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "costly turns": 'for i in 1..100000 return date(2026, 1, 1) + duration("P1D") * i',
    "many instants": "for i in 1..100000 return now()",
    "many functions": "for i in 1..100000 return function(a, b) i",
    "many contexts": "for i in 1..100000 return {a: {b: {c: {}}}}",
    "all that came before": "for i in 1..100000 return count(partial)",
    # powers and numbers
    "power of powers": "9 ** 9 ** 9 ** 9",
    "power": "9 ** 999999999",
    "growing number": "for i in 1..10000 return if i = 1 then 7 else partial[-1] * partial[-1]",
    "root of nothing": "(1 / 3) ** 1000000",
    "numeral": "1" + "0" * 30_000,
    "fraction": "0." + "1" * 30_000,
    "scale": "decimal(1 / 3, 6000)",
    "product": "product(for i in 1..100000 return i)",
    "deviation": "stddev(for i in 1..100000 return i)",
    # strings
    "string doubling": '{a: "' + "x" * 1000 + '", b: ' + "+".join("a" * 40) + ", c: " + "+".join("b" * 40) + "}.c",
    "wide characters": EMOJI + ", r: for i in 1..1000 return upper case(a9)}.r",
    "strings in a list": EMOJI + ", r: for i in 1..1000 return a9 + string(i)}.r",
    "base64": EMOJI + ", r: for i in 1..1000 return to base64(a9)}.r",
    "pieces": EMOJI + ', r: for i in 1..1000 return split(a9, "😀")}.r',
    "joining": 'string length(string join(for i in 1..90000 return "' + "x" * 50 + '"))',
    "replacement": 'replace("' + "a" * 10000 + '", "a", "' + "b" * 10000 + '")',
    "empty pattern": 'replace("' + "a" * 20000 + '", "", "' + "b" * 100 + '")',
    "string literal": '"' + "x" * 32_000 + '"',
    # quadratic built-ins
    "list contains": LIST + "for i in l return list contains(l, -1)}.r",
    "distinct values": "count(distinct values(for i in 1..100000 return [i]))",
    "union": "union(for i in 1..50000 return {a: i})",
    "index of": "index of(for i in 1..90000 return [i, i], [1, 2])",
    "sort": "sort(for i in 1..100000 return -i, function(a, b) a < b)",
    "flatten": "flatten(for i in 1..1000 return for j in 1..1000 return j)",
    "append": LIST + "for i in l return append(l, i)}.r",
    "insert before": LIST + "for i in l return insert before(l, 1, i)}.r",
    "reverse": LIST + "for i in l return reverse(l)}.r",
    "filters in a loop": LIST + "for i in l return l[item > i]}.r",
    "filters in a row": LIST + "l[item > 1][item > 2][item > 3][item > 4][item > 5][item > 6][item > 7]}.r",
    "context put": f"for i in 1..3000 return context put({WIDE}, string(i), i)",
    "get entries": f"for i in 1..3000 return get entries({WIDE})",
    "one list many times": DOUBLED + ", r: a39 = [a38, a38]}.r",
    "its text": DOUBLED + ", r: string(a39)}.r",
    "its JSON": DOUBLED + ", r: to json(a39)}.r",
    "its leaves": DOUBLED + ", r: flatten(a39)}.r",
    "its property": DOUBLED + ", r: a39.x}.r",
    # regular expressions
    "nested repetition": 'matches("' + "a" * 50 + '!", "(a+)+$")',
    "alternatives": 'matches("' + "a" * 60 + '!", "(a|aa)+$")',
    "counted repetition": 'matches("' + "a" * 20000 + '", "(a{1,1000}){1,100}b")',
    "pattern in a loop": 'for i in 1..5000 return matches("' + "a" * 100 + '", "a*a*a*a*a*b")',
    "large pattern": 'matches("a", "(((a{1000}){1000}){1000}){1000}")',
    # nesting and recursion
    "recursive function": "{f: function(n) if n <= 1 then 1 else f(n - 1) + f(n - 2), r: f(40)}.r",
    "endless recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "self application": "{f: function(g) g(g), r: f(f)}.r",
    "deep JSON": 'from json("' + "[" * 30000 + '")',
    "parentheses": "(" * 5000 + "1" + ")" * 5000,
    "ranges": "[1..[1..[1.." * 40 + "1",
    "tests": "1 in (" * 90 + "1",
    "minus": "-" * 5000 + "1",
    "sum of ones": "1" + "+1" * 16000,
    "path": "a" + ".b" * 16000,
    "contexts": "{a:" * 3000,
    "conditions": "if true then " * 3000 + "1",
    # huge sources
    "list literal": "[" + ",".join(["1"] * 16000) + "]",
    "membership": "x in (" + ",".join(["1"] * 16000) + ")",
    "name": "x" * 32_000,
    "too long": "x" * 70_000,
    "backticks": "`" * 32_000,
    "comments": "/*" * 16_000,
    "escapes": '"' + "\\u0041" * 5000 + '"',
    "names of many words": "{" + " ".join(["word"] * 6000) + ": 1}",
}

# Large, and cheap enough to have a value all the same.
ANSWERED = frozenset(
    ["power of powers", "power", "root of nothing", "numeral", "fraction", "scale", "product", "string literal"]
    + ["nested repetition", "pattern in a loop", "large pattern", "filters in a row", "list literal", "membership"]
    + ["name", "escapes", "names of many words"]
)


REFERENCE_S = 0.04  # of the processor, for the loop of `slowness` on the machine where the limits were set


def outcome(source: str) -> str:
    try:
        return type(feel.evaluate(source)).__name__
    except feel.FeelError as error:
        return f"{type(error).__name__}: {str(error)[:200]}"


def alone(name: str) -> dict[str, Any]:
    """What an expression took in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, json.dumps(_measured(name)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(told) if told else {"name": name, "outcome": f"died with {status}"}


def _measured(name: str) -> dict[str, Any]:
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, taken + ROOM))
    before = resource.getrusage(resource.RUSAGE_SELF)
    try:
        came = outcome(EXPRESSIONS[name])
    except BaseException as error:  # whatever it is, it is what the test is about
        came = f"broke with {error!r}"[:300]
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    mib = (after.ru_maxrss - before.ru_maxrss) / 1024
    return {"name": name, "cpu_s": round(seconds, 3), "mib": round(mib, 1), "outcome": came}


def slowness() -> float:
    """How much slower than REFERENCE_S this machine is at a loop that is always the same, 1 where it is not."""
    before = time.process_time()
    total = 0
    for number in range(1_500_000):
        total += number & 7
    return max(1.0, (time.process_time() - before) / REFERENCE_S)


def measured() -> Iterator[dict[str, Any]]:
    outcome("1 + 1")  # what is made at the first use belongs to no expression
    outcome('matches("a", "b") and date("2026-11-30") > @"2026-01-01"')
    for name in EXPRESSIONS:
        yield alone(name)


if __name__ == "__main__":
    for line in measured():
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
