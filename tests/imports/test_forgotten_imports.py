"""Imports that are old or were given up are forgotten, with their files."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from app.core import clock
from app.core.sql import table
from app.files import service as files
from app.files.models import File
from app.imports.models import SheetImport, SheetImportFault
from app.privacy.retention import cleaning
from tests.factories.workbooks.imports import HEADER, IMPORTS, begun, book, done, line, names


def test_old_imports_are_forgotten_with_their_files(city, database, config):
    clerk = city.staff()
    old = begun(clerk, book([HEADER, line(1, "王芳", "没有界")]))
    new = begun(clerk, book([HEADER, line(2, "李明", "没有界")]))
    done(database, clerk, new["id"])
    i, f, x = table(SheetImport), table(SheetImportFault), table(File)
    with database.transaction() as db:
        past = clock.now() - timedelta(days=31)
        db.execute(update(i).where(i.c.id == old["id"]).values(created_at=past))
    cleaning.apply(database, config)
    with database.read.connect() as conn:
        assert conn.scalars(select(i.c.id)).all() == [new["id"]]
        assert conn.scalars(select(f.c.import_id)).all() == [new["id"]]
        assert conn.scalar(select(func.count()).where(x.c.subject_type == "sheet_import")) == 1
    with database.transaction() as db:
        db.execute(update(x).where(x.c.subject_type.is_(None)).values(created_at=past))
    cleaning.apply(database, config)
    assert files.sweep(database, Path(files.folder(config)), older_than=timedelta(0)) == 1


def test_an_import_whose_job_was_given_up_is_forgotten_a_week_later(city, database, config):
    clerk, i = city.staff(), table(SheetImport)
    new = begun(clerk, book([HEADER, line(1, "王芳")]))
    done(database, clerk, new["id"])
    clerk.post(f"{IMPORTS}/{new['id']}/apply", {})
    for days, left in ((31, 1), (38, 0)):
        with database.transaction() as db:
            past = clock.now() - timedelta(days=days)
            db.execute(update(i).where(i.c.id == new["id"]).values(created_at=past))
        cleaning.apply(database, config)
        with database.read.connect() as conn:
            assert conn.scalar(select(func.count()).select_from(i)) == left
    assert done(database, clerk, new["id"])["code"] == "not_found"
    assert names(database) == set()
