"""What a command of the terminal finds: a database of this release, and the settings of its environment."""

from pathlib import Path

import pytest

from api import schema
from kernel.config import Settings
from kernel.db import Database


@pytest.fixture
def migrated(database: Database) -> Database:
    """The database, with the mark of the newest migration: its tables were made from the models."""
    with database.transaction() as unit:
        unit.run("create table alembic_version (version_num varchar(32) primary key)")
        unit.run("insert into alembic_version values (%s)", (schema.newest(),))
    return database


@pytest.fixture
def environment(migrated: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that a command reads from its environment."""
    found = Settings(home=tmp_path / "home", database_url=database_url, secret="a secret of the test")
    monkeypatch.setenv("JIAOJIE_HOME", str(found.home))
    monkeypatch.setenv("JIAOJIE_DATABASE_URL", found.database_url)
    monkeypatch.setenv("JIAOJIE_SECRET", found.secret)
    return found
