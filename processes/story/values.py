"""Values as a story writes them, worked out: expressions, signatures, files."""

from collections.abc import Mapping
from typing import Any

import feel
from forms.widgets import PREFIX
from kernel.clock import Clock
from kernel.errors import Invalid
from kernel.text import Text, say
from tasks.human.forms import Sent

SIGNED = "✍"
STROKE = PREFIX + "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxwYXRoIGQ9Ik0wIDBMOSA5Ii8+PC9zdmc+"
FILES = {
    ".png": bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489000000"
        "0b49444154789c63f80f040009fb03fdfb5e6b2b0000000049454e44ae426082"
    ),
    ".pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    ".txt": b"text\n",
}


def filled(written: Any, context: Mapping[str, Any], clock: Clock, files: dict[str, list[Sent]]) -> Any:
    """The value itself. `files` takes in what is attached, by the reference that stands in the value."""
    if isinstance(written, str) and written.startswith("="):
        return _worked_out(written[1:], context, clock)
    if written == SIGNED:
        return STROKE
    if isinstance(written, dict) and set(written) == {"file"}:
        names = written["file"] if isinstance(written["file"], list) else [written["file"]]
        if not all(isinstance(name, str) for name in names):
            raise Invalid(say("A file is given by its name, such as plan.pdf."))
        reference = f"files::{len(files)}"
        files[reference] = [Sent(name, FILES.get(name[name.rfind(".") :], FILES[".txt"])) for name in names]
        return reference
    if isinstance(written, dict):
        return {key: filled(value, context, clock, files) for key, value in written.items()}
    return [filled(value, context, clock, files) for value in written] if isinstance(written, list) else written


def _worked_out(expression: str, context: Mapping[str, Any], clock: Clock) -> Any:
    try:
        return feel.to_json(feel.evaluate(expression, context, clock=clock))
    except feel.FeelError as fault:
        raise Invalid(
            say("{expression} cannot be worked out: {why}", expression=f"={expression}", why=fault.whole.into(Text))
        ) from fault
