"""What a case is called where files and evidence are kept: its number, or its instance where it has none."""

from kernel.db import Unit


def of(unit: Unit, root_key: int) -> str:
    """The subject under which everything of this case is filed."""
    row = unit.one("select number from offboarding_case where instance_key = %s", (root_key,))
    return row[0] if row else f"instance/{root_key}"
