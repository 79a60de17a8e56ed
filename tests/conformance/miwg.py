"""The reference models of the interchange group: reading loses nothing; what can be executed runs, the rest is refused.

A file passes when our reader sees every element and attribute that another parser sees, diagram included; and then when
it deploys, is stored byte for byte and runs from each of its starts to its end or to where it waits by design; or when
it is refused, each reason with an element or process and a sentence.
"""

import io
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from lxml import etree

from engine.spiff.compile import compiled
from engine.spiff.compile.xml import BPMN, read
from kernel.db import Database
from processes.catalog import Source, gather
from processes.story.stage import Theatre
from tests.conformance._zeebe_specs import Unmet
from tests.conformance.zeebe import deploy_and_drive, server, tried

_STORED = "select content from resource where name = %s"


def run(folder: Path) -> int:
    """Run the suite of a folder, print each failure on a line, and end with the count. Exit code 1 on failure."""
    passed = total = 0
    with server() as url, Theatre(url).opened() as theatre:
        files = [source for source in gather([folder]) if source.ending == ".bpmn"]
        for source in files:
            with theatre.database() as database:
                total += 1
                title = str(source.path.relative_to(folder))
                passed += tried(title, lambda source=source, database=database: check(source, database))
    print(f"miwg: {passed} of {total}")
    return 0 if passed == total else 1


def check(source: Source, database: Database) -> None:
    """Raises Unmet with what is wrong with one file."""
    keeps_everything(source)
    errors = compiled(source.resource).errors
    unnamed = [problem.rule for problem in errors if not (problem.element and str(problem.sentence))]
    if unnamed:
        raise Unmet(f"refused without naming an element or process: {', '.join(unnamed)}")
    if not errors:
        deploy_and_drive(source, [source], database)
        _is_stored(source, database)


def keeps_everything(source: Source) -> None:
    """Compare what our reader sees with what the standard library's parser sees. Raises Unmet where they differ."""
    content, root = source.resource.content, read(source.resource)
    ours = Counter(str(element.tag) for element in root.iter("{*}*"))
    theirs = Counter(element.tag for _, element in ElementTree.iterparse(io.BytesIO(content)))
    if ours != theirs:
        raise Unmet(f"elements differ: {ours - theirs} against {theirs - ours}")
    if not any(tag.startswith(f"{{{BPMN}}}") for tag in ours):
        raise Unmet("it holds no BPMN")
    written = ElementTree.canonicalize(etree.tostring(root, encoding="unicode"))
    if written != ElementTree.canonicalize(from_file=io.BytesIO(content)):
        raise Unmet("its canonical XML differs")


def _is_stored(source: Source, database: Database) -> None:
    with database.transaction() as unit:
        stored = [bytes(row[0]) for row in unit.all(_STORED, (source.resource.name,))]
    if not stored or any(content != source.resource.content for content in stored):
        raise Unmet("what is stored is not the file byte for byte")
