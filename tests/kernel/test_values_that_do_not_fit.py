"""What no column can hold is refused in words, by raw statements and by objects, and leaves the unit taken back."""

import pytest
from sqlmodel import select

from hr.people.tables import Account
from kernel.db import Database, Statement
from kernel.errors import Invalid

ECHO = Statement("select %(value)s::text")


@pytest.mark.parametrize("value", ["a\x00b", 2**63, -(2**80)])
def test_a_raw_statement_refuses_it(database: Database, value: object) -> None:
    with pytest.raises(Invalid, match="control characters"), database.transaction() as unit:
        unit.one("select %s", (value,))
    with pytest.raises(Invalid):
        database.once().all("select %s", (value,))
    assert database.once().one("select 1") == (1,)


def test_a_numbered_statement_refuses_it(database: Database) -> None:
    with pytest.raises(Invalid):
        ECHO.one(database.once(), {"value": "\x00"})


def test_a_question_by_objects_refuses_it(database: Database) -> None:
    with pytest.raises(Invalid), database.transaction() as unit:
        unit.session.exec(select(Account).where(Account.login == "hr\x00")).all()
