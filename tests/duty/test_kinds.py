"""Every kind of duty is one whole row of the table: what else knows kinds by name is held against it."""

from collections import Counter
from typing import Any, get_args

import pytest

from app.auth import subjects
from app.cards.gathering import queries
from app.core.excel.reader import Cell
from app.duty.forms import FORM_LABELS
from app.duty.imports.words import said_kind
from app.duty.kinds import KINDS, OWN_ACTS, DutyKind
from app.duty.schemas import OutsideKind
from app.main import load_routers


def test_a_row_without_its_columns_is_none():
    whole: dict[str, Any] = {"own_act": True, "writing": True, "words": None}
    assert DutyKind("walk.taken", "走访", "map", "outside_act", **whole).quantity_unit == "次"
    for column in whole:
        with pytest.raises(TypeError, match=column):
            DutyKind(
                "walk.taken", "走访", "map", "outside_act", **{k: v for k, v in whole.items() if k != column}
            )


def test_what_is_recorded_by_hand_may_be_imported_and_is_offered():
    by_hand = {kind.name for kind in KINDS.values() if kind.by_hand}
    assert set(get_args(OutsideKind)) == by_hand
    for name in by_hand:
        assert said_kind(Cell(KINDS[name].label)).kind == name


def test_a_word_means_one_kind_and_a_label_is_not_taken_twice():
    words = Counter(w for kind in KINDS.values() for w in {kind.label, *(kind.words or ())})
    assert words.most_common(1)[0][1] == 1, words.most_common(3)


def test_what_was_missed_is_no_act():
    assert [k.name for k in KINDS.values() if k.missed and (k.own_act or k.open)] == []
    assert {k.name for k in KINDS.values() if k.own_act} == set(OWN_ACTS)


def test_kinds_of_one_noun_have_the_same_forms():
    by_noun: dict[str, set[frozenset[str]]] = {}
    for kind in KINDS.values():
        by_noun.setdefault(kind.name.partition(".")[0], set()).add(frozenset(kind.forms))
    assert [noun for noun, forms in by_noun.items() if len(forms) > 1] == []
    assert {form for kind in KINDS.values() for form in kind.forms} == set(FORM_LABELS)


def test_every_kind_opens_a_subject_that_its_domain_has_registered():
    load_routers()
    for kind in KINDS.values():
        assert subjects.subject(kind.subject_type).label, kind.name
    titled = str(queries._titled_records())
    private = {"reply", "update", "case", "matter_note"}  # what these are about stands on no card
    named = {kind.subject_type for kind in KINDS.values()} - private
    assert [table for table in named if f"JOIN {table} " not in titled] == []
