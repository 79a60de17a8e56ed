"""The migrations make exactly the tables of the models: columns, constraints, indexes, triggers, storage."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api import schema
from kernel.db import Database

# One query a kind of thing; the columns of a row are compared, the names of schemas and owners are not.
CATALOGUE = {
    "relations": "select relname, relkind, reloptions, relpersistence from pg_class c where relnamespace = n.oid",
    "columns": "select c.relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,"
    " attstorage, attcompression, pg_get_expr(adbin, adrelid) from pg_class c join pg_attribute a on attrelid = c.oid"
    " left join pg_attrdef d on adrelid = c.oid and adnum = attnum"
    " where relnamespace = n.oid and attnum > 0 and not attisdropped and relkind <> 'i'",
    "indexes": "select i.relname, pg_get_indexdef(i.oid), i.reloptions from pg_class i"
    " where relnamespace = n.oid and relkind = 'i'",
    "constraints": "select c.relname, conname, pg_get_constraintdef(k.oid) from pg_constraint k"
    " join pg_class c on conrelid = c.oid where connamespace = n.oid",
    "triggers": "select c.relname, tgname, pg_get_triggerdef(t.oid) from pg_trigger t"
    " join pg_class c on tgrelid = c.oid where relnamespace = n.oid and not tgisinternal",
    "functions": "select proname, pg_get_functiondef(p.oid) from pg_proc p where pronamespace = n.oid",
    "sequences": "select c.relname, seqincrement, seqstart, seqcache from pg_sequence"
    " join pg_class c on seqrelid = c.oid where relnamespace = n.oid",
}


@pytest.fixture
def empty(server: str) -> Iterator[Database]:
    """A database with nothing in it."""
    name = f"jiaojie_empty_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        opened = Database(make_conninfo(server, dbname=name))
        yield opened
        opened.close()
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def found(database: Database, kind: str) -> set[tuple[Any, ...]]:
    """Everything of one kind, without Alembic's own table."""
    rows = database.once().all(
        f"select x.* from pg_namespace n, lateral ({CATALOGUE[kind]}) x where nspname = 'public'"
    )
    return {tuple(str(value) for value in row) for row in rows if not row[0].startswith("alembic_version")}


def test_migrations_make_what_the_models_say(empty: Database, database: Database) -> None:
    assert schema.migrate(empty) == schema.newest()
    for kind in CATALOGUE:
        assert found(empty, kind) == found(database, kind), kind
        assert kind == "functions" or found(empty, kind)


def test_alembic_finds_nothing_to_add(empty: Database) -> None:
    schema.migrate(empty)
    with empty.transaction() as unit:
        context = MigrationContext.configure(unit.session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, schema.tables()) == []


def test_the_last_migration_can_be_taken_back_and_made_again(empty: Database) -> None:
    schema.migrate(empty)
    before = {kind: found(empty, kind) for kind in CATALOGUE}
    config = schema.scripts()
    with empty.transaction() as unit:
        config.attributes["connection"] = unit.session.connection()
        command.downgrade(config, "-1")
    script = ScriptDirectory.from_config(schema.scripts())
    assert schema.current(empty) == script.get_revision("head").down_revision
    if schema.current(empty) is None:
        assert {kind: found(empty, kind) for kind in CATALOGUE} == {kind: set() for kind in CATALOGUE}
    schema.migrate(empty)
    assert {kind: found(empty, kind) for kind in CATALOGUE} == before


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    assert schema.migrate(empty) == schema.migrate(empty)


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory.from_config(schema.scripts())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
