"""The amounts of records: written with a record, never changed, void with it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select

from app.core.sql import table
from app.duty.measures.rules import MEASURES, Amounts, Measure
from app.duty.models import DutyMeasure, DutyRecord

_d, _m = table(DutyRecord), table(DutyMeasure)


def write(conn: Connection, amounts: Mapping[int, Amounts]) -> None:
    """Write the amounts of records, by their ids, which have just been written."""
    rows = [
        {"record_id": record_id, "measure": str(measure), "amount": amount}
        for record_id, of_record in amounts.items()
        for measure, amount in of_record.items()
    ]
    if rows:
        conn.execute(insert(_m), rows)


def read(conn: Connection, record_ids: Collection[int]) -> dict[int, dict[Measure, int]]:
    """The amounts of records; those without are left out."""
    found: dict[int, dict[Measure, int]] = defaultdict(dict)
    if record_ids:
        for row in conn.execute(select(_m).where(_m.c.record_id.in_(record_ids))):
            found[row.record_id][Measure(row.measure)] = row.amount
    return {record_id: _in_order(amounts) for record_id, amounts in found.items()}


def having(measure: Measure) -> ColumnElement[bool]:
    """Whether a record has an amount of a measure."""
    of = _m.alias()  # sums join amounts, too
    return exists().where(of.c.record_id == _d.c.id, of.c.measure == str(measure))


def sums(conn: Connection, which: Sequence[ColumnElement[bool]]) -> dict[str, dict[Measure, int]]:
    """The amounts of the records that `which` holds, added up by kind."""
    rows = conn.execute(
        select(_d.c.kind, _m.c.measure, func.sum(_m.c.amount).label("amount"))
        .select_from(_m.join(_d, _d.c.id == _m.c.record_id))
        .where(*which)
        .group_by(_d.c.kind, _m.c.measure)
    )
    found: dict[str, dict[Measure, int]] = defaultdict(dict)
    for row in rows:
        found[row.kind][Measure(row.measure)] = int(row.amount)
    return {kind: _in_order(amounts) for kind, amounts in found.items()}


def _in_order(amounts: dict[Measure, Any]) -> dict[Measure, int]:
    return {measure: amounts[measure] for measure in MEASURES if measure in amounts}
