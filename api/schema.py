"""The schema: every table of the product, and its migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from kernel import db
from kernel.db import Database

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("engine", "hr", "tasks", "processes", "api")
LOCK = 7_229_302_411_559_077  # any constant: two processes that start at once migrate one after the other


def tables() -> MetaData:
    """The tables of all packages, as the models have them."""
    return db.metadata(PACKAGES)


def scripts() -> Config:
    """Alembic's configuration: the migrations beside the packages, or those that the wheel carries."""
    inside = Path(__file__).parent / "_migrations"
    config = Config()
    config.set_main_option("script_location", str(inside if inside.exists() else ROOT / "migrations"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    return config


def migrate(database: Database) -> str | None:
    """Bring the schema up to date; the revision that was reached. All of it in one transaction."""
    config = scripts()
    with database.transaction() as unit:
        unit.run("select pg_advisory_xact_lock(%s)", (LOCK,))
        connection = unit.session.connection()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return MigrationContext.configure(connection).get_current_revision()


def current(database: Database) -> str | None:
    """The revision that the database is at, None for an empty one."""
    with database.transaction() as unit:
        return MigrationContext.configure(unit.session.connection()).get_current_revision()


def newest() -> str | None:
    """The revision that this release needs."""
    return ScriptDirectory.from_config(scripts()).get_current_head()
