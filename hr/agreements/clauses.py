"""The linter of agreements: where a text and the law part, in words, with the article and the line.

It reads Chinese. It looks at a text before anyone is named, and at the filled words of one person, whose values may
break what the text alone keeps. A clause that forbids a thing is not taken for it. It finds what is known to be
against the law; a lawyer still reads the text. Rules by topic: `hr.agreements.law`; the list:
docs/reference/agreement-texts.md.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hr.agreements.fill import Filled
from hr.agreements.law import lines, noncompete, penalties, personal, posting
from hr.agreements.law.matter import Matter, binds
from hr.agreements.law.wording import Finding, Sentence, Severity, of_lines, of_text
from hr.agreements.parts import AgreementText

__all__ = ["Finding", "Severity", "findings", "kept"]

MOST = 200


def findings(source: AgreementText | Filled, facts: Mapping[str, Any] | None = None) -> tuple[Finding, ...]:
    """What the law has against a text, by line; errors before warnings at the same line.

    `facts` are those that the text was filled with (`hr.agreements.facts.of`): with them it is told too whether this
    person may be bound. At most MOST are told.
    """
    sentences = of_lines(source.lines) if isinstance(source, Filled) else of_text(source)
    person = facts.get("employee") if facts is not None else None
    wage = source.values.get("minimumWage") if isinstance(source, Filled) else None
    is_one = binds(sentences, source.kind)
    matter = Matter(sentences, is_one, person, float(wage) if wage else None)
    found = {(f.rule, f.line, f.words): f for f in _all(sentences, matter)}
    return tuple(sorted(found.values(), key=lambda f: (f.line, f.severity, f.rule))[:MOST])


def _all(sentences: list[Sentence], matter: Matter) -> Iterator[Finding]:
    yield from posting.found(sentences)
    yield from noncompete.found(matter)
    yield from penalties.found(sentences, non_compete=matter.is_one)
    yield from lines.found(sentences)
    yield from personal.found(sentences)


def kept(found: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """The findings as JSON, in English, as they are stored with a version."""
    return [
        {
            "rule": one.rule,
            "severity": one.severity,
            "article": str(one.article),
            "sentence": str(one.sentence),
            "line": one.line,
            "words": one.words,
        }
        for one in found
    ]
