"""`jiaojie account` and `jiaojie client`: a company without the demo lets its people and programs in."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.auth import Credentials, Gate, Unauthenticated
from api.cli import main
from hr.evidence import log
from hr.people import accounts, org
from hr.privacy import Cipher
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.db import Database
from tests.hr.conftest import found

PASSWORD = "correct horse"
Run = Callable[..., Result]


@pytest.fixture
def empty(environment: Settings) -> Run:
    """The command over a database with tables and nothing in them."""

    def ran(*arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=given)

    return ran


@pytest.fixture
def run(empty: Run, environment: Settings, database: Database) -> Run:
    """The command over the database of a small company where nobody has an account."""
    with database.transaction() as unit:
        found(unit, Cipher([environment.secret]))
    return empty


@pytest.fixture
def gate(database: Database) -> Gate:
    return Gate(database, SystemClock())


def added(run: Run, login: str, *more: str, password: str = PASSWORD) -> Result:
    return run("account", "add", login, "--password-stdin", *more, given=f"{password}\n")


def enters(database: Database, login: str, password: str = PASSWORD) -> bool:
    with database.transaction() as unit:
        return accounts.verify(unit, login, password) is not None


def test_an_employee_and_an_administrator_are_let_in(run: Run, database: Database) -> None:
    asked = run("account", "add", "li", "-g", "hr", "-g", "employee", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert (asked.exit_code, PASSWORD in asked.output) == (0, False)
    assert added(run, "root", "--name", "运维", "--group", "admin").exit_code == 0
    assert enters(database, "li")
    assert run("account", "list").output.splitlines() == ["li\t李勇\temployee hr", "root\t运维\tadmin"]
    with database.transaction() as unit:
        (opened,) = log.rows(unit, "account/li")
        assert (opened.event, opened.actor, opened.detail) == ("account.opened", "cli", {"groups": ["employee", "hr"]})


@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (("nobody",), PASSWORD, "Nobody on file has the login nobody"),
        (("li",), "short", "at least 8 characters"),
        (("li", "-g", "bosses"), PASSWORD, "'bosses' is not one of"),
    ],
)
def test_what_cannot_be_an_account_is_refused_in_words(
    run: Run, arguments: tuple[str, ...], password: str, words: str
) -> None:
    refused = added(run, *arguments, password=password)
    assert refused.exit_code != 0
    assert words in refused.output
    assert "Traceback" not in refused.output
    assert run("account", "list").output == ""


def test_a_taken_login_and_somebody_who_left_are_refused(run: Run, database: Database) -> None:
    added(run, "li")
    assert "is taken" in added(run, "li").output
    with database.transaction() as unit:
        unit.run("update employee set left_on = '2026-10-31' where login = 'wu'")
    assert "has left the company" in added(run, "wu").output


def test_everybody_gets_a_first_password_once(run: Run, database: Database, tmp_path: Path) -> None:
    added(run, "li")
    file = tmp_path / "first.csv"
    assert "4 accounts are opened" in run("account", "hand-out", str(file)).output
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [row["login"] for row in rows] == ["chen", "zhang", "wu", "zhao"]
    assert enters(database, "zhao", rows[-1]["password"])
    again = run("account", "hand-out", str(file))
    assert (again.exit_code, "not there yet" in again.output) == (1, True)
    assert "0 accounts" in run("account", "hand-out", str(tmp_path / "second.csv")).output


def test_where_nobody_can_be_let_in_no_file_of_passwords_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIAOJIE_DATABASE_URL", "postgresql:///nowhere?host=/nowhere")
    refused = run("account", "hand-out", str(tmp_path / "first.csv"))
    assert (refused.exit_code, list(tmp_path.glob("*.csv"))) == (1, [])


def test_groups_a_closed_account_and_a_new_password_hold_for_who_is_signed_in(
    run: Run, database: Database, gate: Gate
) -> None:
    added(run, "li")

    def signed_in(password: str = PASSWORD) -> str:
        with database.transaction() as unit:
            return gate.sign_in(unit, "li", password)[0]

    def groups(cookie: str) -> frozenset[str]:
        """As another process of the product sees them, which remembers nothing."""
        return Gate(database, SystemClock()).visit(Credentials(cookie=cookie)).actor.groups

    cookie = signed_in()
    run("account", "groups", "li", "hr", "seal")
    assert groups(cookie) == {"hr", "seal"}
    run("account", "password", "li", "--password-stdin", given="another horse\n")
    with pytest.raises(Unauthenticated):
        groups(cookie)
    cookie = signed_in("another horse")
    run("account", "close", "li")
    assert "(closed)" in run("account", "list").output
    run("account", "reopen", "li")
    with pytest.raises(Unauthenticated):
        groups(cookie)
    with database.transaction() as unit:
        events = [row.event for row in log.rows(unit, "account/li")]
    assert events == ["account.opened", "account.groups", "password.reset", "account.closed", "account.reopened"]
    assert "There is no account nobody" in run("account", "close", "nobody").output


def test_a_program_gets_a_secret_that_is_renewed_and_ended(run: Run, database: Database, gate: Gate) -> None:
    def granted(secret: str) -> str:
        with database.transaction() as unit:
            return gate.grant(unit, "payroll", secret)[0]

    def calls(token: str) -> frozenset[str]:
        return Gate(database, SystemClock()).visit(Credentials(authorization=f"Bearer {token}".encode())).actor.groups

    secret = run("client", "add", "payroll", "--name", "工资系统").output.strip()
    token = granted(secret)
    assert calls(token) == {"client"}
    assert "there already" in run("client", "add", "payroll").output
    assert run("client", "list").output == "payroll\t工资系统\n"
    renewed = run("client", "renew", "payroll").output.strip()
    for refused in (lambda: granted(secret), lambda: calls(token)):
        with pytest.raises(Unauthenticated):
            refused()
    run("client", "close", "payroll")
    with pytest.raises(Unauthenticated):
        granted(renewed)
    assert run("client", "list").output == "payroll\t工资系统 (closed)\n"
    assert "There is no client other" in run("client", "close", "other").output
    assert "needs an id" in run("client", "add", " ").output


def test_a_company_begins_with_nothing_but_its_tables(
    empty: Run, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an empty database to a manager who signs in, and a file with a fault that names its line."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    def take_in(kind: str, *lines: str) -> Result:
        file = tmp_path / f"{kind}.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        return empty("import", kind, str(file))

    people = "工号,登录名,姓名,部门编码,岗位,入职日期,上级"
    early = take_in("people", people, "1,han,韩梅,office,总经理,2020-01-06,")
    assert (early.exit_code, "people.csv:2: 没有部门 office" in early.output) == (1, True)
    assert take_in("departments", "部门编码,部门名称,上级部门编码,负责人", "office,总部,,han").exit_code == 0
    two = ("2,li,李雷,office,工程师,2024-03-01,han", "1,han,韩梅,office,总经理,2020-01-06,")
    assert "2 lines" in take_in("people", people, *two).output
    done = take_in("contracts", "合同编号,登录名,起始日期", "HT-1,han,2020-01-06", "HT-2,li,2024-03-01")
    assert "2 contracts" in done.output
    added(empty, "han")
    assert enters(database, "han")
    with database.transaction() as unit:
        manager = org.manager_of(unit, "li")
        assert manager is not None
        assert manager.name == "韩梅"
