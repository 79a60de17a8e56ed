"""Each outside library has one place, so that it can be met, tested and replaced there."""

import pytest

from tests.architecture.tree import imports, sources

PLACES = {
    "SpiffWorkflow": ("engine/spiff",),
    "fastapi": ("api",),
    "starlette": ("api", "demo/counterparts"),
    "uvicorn": ("api/cli", "demo/counterparts"),
    "httpx": ("tasks/adapters", "demo/counterparts"),
    "smtplib": ("tasks/adapters",),
    "socket": ("demo",),
    "alembic": ("api/schema.py", "migrations"),
    "click": ("api/cli",),
    "argon2": ("hr/people/accounts.py", "api/auth.py"),
    "cryptography": (
        "hr/privacy.py",
        "hr/documents",
        "hr/evidence/opened.py",
        "tasks/adapters/csc.py",
        "demo/counterparts",
    ),
    "typst": ("hr/documents",),
    "chinese_calendar": ("hr/people/calendar.py",),
    "pypinyin": ("demo",),
    "jinja2": ("api/pages", "forms/render.py", "tasks/handlers/letters.py"),
    "lxml": ("engine/spiff", "feel/dmn", "processes", "hr/documents", "hr/training/scorm"),
    "subprocess": ("kernel/postgres.py", "demo/stand.py", "hr/evidence/apart.py", "hr/evidence/offline"),
    "requests": (),
    "urllib.request": (),
    "pickle": (),
    "marshal": (),
    "shelve": (),
}


@pytest.mark.parametrize(("library", "places"), PLACES.items(), ids=list(PLACES))
def test_a_library_is_imported_in_its_place_alone(library: str, places: tuple[str, ...]) -> None:
    found = [
        f"{source.name}:{line}"
        for source in sources()
        if not source.within(*places)
        for line, name in imports(source)
        if name == library or name.startswith(f"{library}.")
    ]
    assert found == []


def test_nothing_evaluates_python_text() -> None:
    """Expressions compile to closures; the fast path generates code from numbers and names that it checked itself."""
    found = {
        source.name
        for source in sources()
        for call in source.calls()
        if getattr(call.func, "id", "") in ("eval", "exec", "__import__")
    }
    assert found <= {"feel/fastpath.py"}
