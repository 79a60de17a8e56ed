"""Bring the translation catalogues up to what the code and the shipped models say.

    python deploy/catalogue.py            write the catalogues anew: what is new is empty, what is gone is dropped
    python deploy/catalogue.py --check    write nothing; list what is missing, stale or broken; exit 1 if there is any

Sentences of the code are English and are translated in `zh-CN.po`; labels of the shipped processes and forms are
Chinese and are translated in `en.po`. A message of one place alone (`{name}`) is the same in every language and
is left out.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # the extraction methods of forms and processes are ours
LOCALE = ROOT / "kernel" / "locale"
CODE = ("kernel", "feel", "engine", "forms", "hr", "tasks", "processes", "api", "demo")
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
PLURAL = {"zh-CN": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
_PLACE = re.compile(r"(?<!\{)\{\w*\}(?!\})")
_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Source:
    """Where messages come from: the files by pattern, Babel's extraction method, its keywords as its command line takes
    them (`warn:3`, the third argument), and the language that they are translated into."""

    pattern: str
    method: str
    keywords: str
    language: str


SOURCES = (
    *(Source(f"{package}/**/*.py", "python", "say", "zh-CN") for package in CODE),
    Source("feel/**/*.py", "python", "warn:3", "zh-CN"),
    Source("api/templates/**/*.html", "jinja2.ext:babel_extract", "_", "zh-CN"),
    Source("processes/**/*.bpmn", "processes.labels:extract", "", "en"),
    Source("processes/**/*.dmn", "processes.labels:extract", "", "en"),
    Source("forms/**/*.form", "forms.labels:extract", "", "en"),
)


@cache
def found(language: str) -> dict[str, list[str]]:
    """Every message that is to be translated into `language`, with the files that say it: read once."""
    said: dict[str, set[str]] = {}
    for source in SOURCES:
        if source.language == language:
            for message, file in _extracted(source):
                said.setdefault(message, set()).add(file)
    return {message: sorted(files) for message, files in sorted(said.items())}


def _extracted(source: Source) -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.glob(source.pattern)):
        entries = extract_from_file(source.method, path, keywords=parse_keywords(source.keywords.split()))
        for entry in entries:
            message = str(entry[1])
            if _to_translate(message, source.language):
                yield message, path.relative_to(ROOT).as_posix()


def _to_translate(message: str, language: str) -> bool:
    plain = _PLACE.sub("", _TAG.sub("", message))
    return bool(_CHINESE.search(plain) if language == "en" else plain.strip())


def kept(language: str) -> dict[str, str]:
    """What the catalogue of a language holds now; empty where a message waits for its translation."""
    held: dict[str, str] = {}
    for path in sorted(LOCALE.glob(f"{language}*.po")):
        with path.open("rb") as file:
            held |= {str(m.id): str(m.string) for m in read_po(file) if m.id}
    return held


def written(language: str) -> str:
    """The text of the catalogue as it should be: sorted, each message with its files, without line numbers."""
    catalogue, old = Catalog(), kept(language)
    for message, files in found(language).items():
        catalogue.add(message, old.get(message, ""), locations=[(file, 1) for file in files])
    for entry in catalogue:
        entry.flags.discard("python-format")  # places are braces here, a per cent sign is one
    text = BytesIO()
    write_po(text, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER.format(language=language, plural=PLURAL[language]) + text.getvalue().decode().strip("\n") + "\n"


def faults(language: str) -> Iterator[str]:
    """A line for each thing that is wrong with a catalogue."""
    said, held = found(language), kept(language)
    for message, files in said.items():
        if not held.get(message):
            yield f"{language}: missing: {message!r} ({', '.join(files)})"
        elif places(message) != places(held[message]):
            yield f"{language}: places differ: {message!r} and {held[message]!r}"
    for message in sorted(held.keys() - said.keys()):
        yield f"{language}: stale: {message!r}"
    path = LOCALE / f"{language}.po"
    if not path.exists() or path.read_text(encoding="utf-8") != written(language):
        yield f"{language}: {path.name} is not as it would be written: run python deploy/catalogue.py"


def places(message: str) -> Counter[str]:
    """The places that a translation must keep, `{name}` once or more, `{{ expression }}` as often as it stands."""
    tags = Counter(_TAG.findall(message))
    return tags + Counter(set(_PLACE.findall(_TAG.sub("", message))))


def main(arguments: Iterable[str]) -> int:
    """The command. Returns the exit status."""
    if "--check" in arguments:
        wrong = [line for language in PLURAL for line in faults(language)]
        sys.stdout.writelines(f"{line}\n" for line in wrong)
        return 1 if wrong else 0
    for language in PLURAL:
        text = written(language)
        for part in LOCALE.glob(f"{language}.*.po"):
            part.unlink()
        (LOCALE / f"{language}.po").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
