"""`jiaojie verify FILE`: in words, and by the exit code."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api import bootstrap
from api.cli import main
from hr.people import staff
from hr.people.staff import Hire
from kernel.config import Settings
from tests.hr.evidence import agreed, overlays
from tests.hr.evidence.agreed import Place

NAME = "赵𬎆龘"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def sealed(environment: Settings) -> bytes:
    """A sealed agreement in the database that the command opens; the machine's clock, for the command has no other."""
    with bootstrap.opened(environment) as house:
        with house.database.transaction() as unit:
            staff.add_department(unit, "sales", "销售一部")
            hired = house.clock.now().date()
            joining = Hire(no="QM5", login="zhao", name=NAME, department="sales", position="销售代表", hired_on=hired)
            staff.hire(unit, house.world.files.cipher, joining)
        place = Place(house.database, house.world.files, house.world.seals.authority, house.clock)
        return agreed.concluded(place, "zhao", NAME)


def test_a_genuine_file_ends_well_and_a_changed_one_with_1(
    sealed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "agreement.pdf"
    file.write_bytes(sealed)
    good = run("verify", str(file))
    assert good.exit_code == 0, good.output
    assert "This is genuine" in good.output
    assert "赵＊＊ (Employee)" in good.output
    assert NAME not in good.output
    file.write_bytes(overlays.annotation(sealed))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    bad = run("verify", str(file))
    assert bad.exit_code == 1
    assert "已被改动" in bad.output
    file.write_bytes(b"GIF89a")
    assert run("verify", str(file)).exit_code == 1
