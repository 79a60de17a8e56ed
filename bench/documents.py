"""`python -m bench.documents [--rounds N]`: what a document costs that is typeset, signed, sealed and validated.

A leaving certificate of one page is typeset with facts that differ each time, as no two certificates are alike. It is
then sealed as the company does (PAdES B-LTA: the seal's signature with its time stamp, and a time stamp over all of it)
and validated as the verify page does. `signed_ms` is one person's signature on a page (B-LT), with a key made for it
and a drawn mark. Keys and stamps are the trial authority's, in this process; nothing is asked over the network. Figures
are wall-clock times of one thread.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from hr.documents import typeset
from hr.documents.places import Place
from hr.documents.signing import marks, pades
from hr.documents.signing.authority import Authority, made
from hr.documents.signing.keys import Subject
from hr.documents.typeset import Typeset
from hr.documents.verify.pdf import examine
from hr.offboarding.statement import Letterhead, Statement, printed
from kernel.clock import SystemClock

ORGANISATION = "上海启明智能科技有限公司"
STROKES = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200"><path d="M20 150 C 100 20 150 20 200 120 S 300 150'
    ' 400 60 S 500 40 560 120" fill="none" stroke="black" stroke-width="5" stroke-linecap="round"/></svg>'
)
HAND = Place(field="Employee", page=0, box=(70, 60, 223, 122), kind="hand")


class Bench:
    """One document after the other; `times` are the milliseconds of each step, `walls` those of a stop-watch."""

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.authority = Authority.of(made(ORGANISATION, self.clock.now()), self.clock)
        self.times: dict[str, list[float]] = {}
        self.walls: dict[str, list[float]] = {}
        self.sizes: dict[str, int] = {}

    def timed(self, step: str, work: Callable[[], Any]) -> Any:
        begin, worked = time.perf_counter(), time.process_time()
        done = work()
        self.times.setdefault(step, []).append((time.process_time() - worked) * 1000)
        self.walls.setdefault(step, []).append((time.perf_counter() - begin) * 1000)
        return done

    def round(self, number: int) -> None:
        written: Typeset = self.timed("certificate", lambda: self.certificate(number))
        prepared = pades.prepare(written.pdf, written.places, seam=True)
        done = self.timed("sealed", lambda: self.sealed(prepared, written.places[0].field))
        at = self.clock.now()
        found = self.timed("validated", lambda: examine(done, self.authority.trust, at=at))
        assert found.intact, found.problems
        assert [each.trusted for each in found.signatures] == [True]
        empty = pades.prepare(written.pdf, [HAND], seam=False)
        signed = self.timed("signed", lambda: self.signed(empty, number))
        self.sizes = {"certificate_bytes": len(written.pdf), "sealed_bytes": len(done), "signed_bytes": len(signed)}

    def certificate(self, number: int) -> Typeset:
        left = date(2026, 11, 1 + number % 28)
        statement = Statement(
            number=f"LZ-2026-{number:04}", name=f"张{chr(0x4E00 + 17 * number)}龘", id_number="310101199001011234",
            hired_on=date(2019, 3, 1), contract_starts_on=date(2022, 3, 1), contract_ends_on=date(2027, 2, 28),
            left_on=left, position="高级工程师", department="研发中心", verb="解除", dated_on=left,
        )  # fmt: skip
        letterhead = Letterhead(organisation=ORGANISATION, verify_url="https://hr.example.com/verify")
        return typeset.certificate(printed(statement, f"{number:012}", letterhead), at=self.clock.now())

    def sealed(self, prepared: bytes, field: str) -> bytes:
        authority = self.authority
        return pades.seal(
            prepared, field=field, key=authority.company, time=authority.time, trust=authority.trust,
            organisation=ORGANISATION, note="测试专用章", reason="出具解除劳动合同证明", at=self.clock.now(),
        )  # fmt: skip

    def signed(self, prepared: bytes, number: int) -> bytes:
        at, authority, name = self.clock.now(), self.authority, f"张{chr(0x4E00 + 17 * number)}龘"
        key = authority.event_keys.issue(Subject(name, "E-0042", ORGANISATION, "employee"), at=at, bound={"n": "1"})
        return pades.sign(
            prepared, field=HAND.field, key=key, time=authority.time, trust=authority.trust,
            mark=marks.hand(STROKES, name, f"{at:%Y-%m-%d %H:%M:%S}"), name=name, reason="同意", location="", at=at,
        )  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=30)
    rounds = arguments.parse_args().rounds
    bench = Bench()
    bench.round(0)  # fonts are read, templates compiled, a stamp measured
    first, bench.times, bench.walls = {step: taken[0] for step, taken in bench.times.items()}, {}, {}
    for number in range(1, rounds + 1):
        bench.round(number)
    figures: dict[str, float] = {}
    for step, taken in bench.times.items():
        middle, least, most = statistics.median(taken), min(taken), max(taken)
        print(f"{step:12} {middle:7.1f} ms, {least:.1f} at least, {most:.1f} at most; the first one {first[step]:.0f}")
        figures |= {f"{step}_ms": round(middle, 1), f"{step}_ms_least": round(least, 1)}
        figures |= {f"{step}_ms_most": round(most, 1)}
        figures |= {f"{step}_wall_ms": round(statistics.median(bench.walls[step]), 1)}
    print(json.dumps(figures | bench.sizes))


if __name__ == "__main__":
    main()
