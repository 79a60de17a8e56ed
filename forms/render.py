"""A filled form as read-only HTML and as plain rows of label and text."""

from collections.abc import Iterable, Iterator, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from forms.model import Clock, Form, Value
from forms.record import Entry, record

_environment = Environment(
    loader=PackageLoader("forms"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(
    form: Form, values: Mapping[str, Value], language: str = "zh-CN", *, clock: Clock | None = None, file_url: str = ""
) -> str:
    """HTML of the record, every value escaped. `file_url` stands before a file's hash; without it files are names."""
    template = _environment.get_template("record.html")
    return template.render(entries=record(form, values, language, clock), file_url=file_url)


def rows(
    form: Form, values: Mapping[str, Value], language: str = "zh-CN", *, clock: Clock | None = None
) -> list[tuple[str, str]]:
    """Label and text of every answer, for print and PDF. In a list, list and row come first: `交接事项 2 · 状态`."""
    return list(_rows(record(form, values, language, clock), ""))


def _rows(entries: Iterable[Entry], where: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if entry.shape == "field":
            yield (f"{where} · {entry.label}" if where else entry.label), entry.text
        elif entry.shape == "group":
            rows_of_list = any(inner.shape == "row" for inner in entry.inside)
            yield from _rows(entry.inside, _join(where, entry.label) if rows_of_list else where)
        elif entry.shape == "row":
            yield from _rows(entry.inside, f"{where} {entry.label}".strip())
        elif entry.shape == "table":
            yield from _table(entry, where)


def _table(entry: Entry, where: str) -> Iterator[tuple[str, str]]:
    head, *body = entry.cells
    for number, cells in enumerate(body, start=1):
        text = "; ".join(f"{name}: {cell}" for name, cell in zip(head, cells, strict=True))
        yield f"{_join(where, entry.label)} {number}".strip(), text


def _join(where: str, label: str) -> str:
    return f"{where} · {label}" if where and label else where or label
