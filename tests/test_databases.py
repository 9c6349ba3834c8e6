"""The databases of the tests themselves: migrated, empty, one for each test."""

import pytest
from sqlalchemy import create_engine, inspect, text

from app.core.schema.migrations import check, upgrade


def test_a_database_is_migrated_to_the_newest_version(database_url: str):
    engine = create_engine(database_url)
    before = inspect(engine).get_table_names()

    upgrade(database_url)

    assert "alembic_version" in before
    assert inspect(engine).get_table_names() == before
    engine.dispose()


def test_migrations_and_models_agree(database_url: str):
    check(database_url)


@pytest.mark.parametrize("_turn", ["first", "second"])
def test_no_test_sees_what_another_wrote(database_url: str, _turn: str):
    engine = create_engine(database_url)

    assert not inspect(engine).has_table("litter")

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE litter (id INTEGER)"))
    engine.dispose()
