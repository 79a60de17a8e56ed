"""A proof as the command line prints it, in the reader's language."""

from collections.abc import Iterator

from kernel.text import Text, say
from processes import lint
from processes.proof.findings import Case, ProcessProof, Proof

MOST = 20  # cases of a process that are told one by one


def lines(proof: Proof, language: str = "en") -> list[str]:
    """What a person reads: problems first, then each process, what differs before what does not."""
    return [*_all(proof, language)]


def _all(proof: Proof, language: str) -> Iterator[str]:
    yield from (lint.line(problem, language) for problem in proof.problems)
    for process in proof.processes:
        for sentence in _process(process):
            yield sentence if isinstance(sentence, str) else sentence.within(language)
    if proof.refused:
        end = say("These files cannot be published. Correct the errors first.")
    elif proof.passed:
        end = say("Every scenario came out. Judge for yourself whether cases may go another way.")
    else:
        end = say("Scenarios fail. Correct the files, or the scenarios if they are out of date.")
    yield end.within(language)


def _process(found: ProcessProof) -> Iterator[Text | str]:
    named = {"name": found.name, "id": found.process_id}
    if found.version:
        yield say("{name} ({id}), deployed in version {version}:", version=found.version, **named)
    else:
        yield say("{name} ({id}), not deployed yet:", **named)
    yield from _scenarios(found)
    if found.finished and found.cases:
        counts = _counts(found, running=False)
        yield say(
            "  finished cases: {looked} of {total} replayed: {same} same way, {other} another way, {cannot} unknown",
            **counts,
        )
    if found.running and found.cases:
        counts = _counts(found, running=True)
        yield say(
            "  running cases: {looked} of {total} replayed: {same} same way, {other} another way, {cannot} unknown",
            **counts,
        )
        yield say("  {count} of these running cases could not migrate", count=len(found.immovable))
    yield from _along(found)
    yield from _cases(found)


def _scenarios(found: ProcessProof) -> Iterator[Text | str]:
    if found.unplayed is not None:
        yield say("  {why}", why=found.unplayed)
    if found.scenarios:
        good = len(found.scenarios) - len(found.failed)
        yield say("  scenarios: {good} of {all} come out", good=good, all=len(found.scenarios))
    yield from (
        Text("    {scenario}: {why}", {"scenario": scenario.name, "why": scenario.failure}) for scenario in found.failed
    )


def _counts(found: ProcessProof, *, running: bool) -> dict[str, int]:
    return {
        "looked": sum(case.running is running for case in found.cases),
        "total": found.running if running else found.finished,
        "same": found.count("SAME", running=running),
        "other": found.count("OTHER", running=running),
        "cannot": found.count("CANNOT", running=running),
    }


def _along(found: ProcessProof) -> Iterator[Text]:
    for one in found.along:
        yield say(
            "  version {version}: {able} of {checked} running cases could come along",
            version=one.version,
            able=one.able,
            checked=one.checked,
        )
        yield from (say("    {times} times: {why}", times=times, why=why) for _, why, times in one.reasons)


def _cases(found: ProcessProof) -> Iterator[Text]:
    told = [case for case in found.cases if case.verdict != "SAME" or case.stuck]
    for case in told[:MOST]:
        yield from _case(case)
    if len(told) > MOST:
        yield say("    and {count} more", count=len(told) - MOST)


def _case(case: Case) -> Iterator[Text]:
    name = case.business_id or str(case.key)
    if case.sentence is not None:
        yield say("    {case} (version {version}): {what}", case=name, version=case.version, what=case.sentence)
    for place in case.stuck:
        yield say("    {case} could not migrate: {why}", case=name, why=place.sentence)
