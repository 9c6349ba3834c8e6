"""The texts of the demo city."""

import os
import re
import subprocess
import sys
from hashlib import sha256
from itertools import cycle
from random import Random

import pytest

from app.core.language.text import clean
from app.demo.city.plan import PROFESSIONS
from app.demo.city.rhythm import Rhythm, start_of, words
from app.demo.language.grammar import corpus, expand, parse, rules
from app.demo.language.names import RARE, person_name
from app.demo.language.text import UPDATE_KINDS, Theme, Writer, books, fields, themes

# Han characters, Chinese and a little other punctuation; nothing of the grammar's own signs.
PLAIN = re.compile(r"[㐀-鿿𠀀-𯿿〇。，、；：？！“”‘’《》（）…·@\n]+")


#: What holds in hours of a whole year, for somebody of a profession in turn, in the second year of a term.
HOURS = [
    words(start_of(day, hour)) | {profession, "往年", "有图", "实地"}
    for profession, (day, hour) in zip(
        cycle(PROFESSIONS),
        (
            (day, hour)
            for day in range(Rhythm(2022).first_day, Rhythm(2023).first_day)
            for hour in (8, 11, 15, 21)
        ),
        strict=False,
    )
]


def everything(seed: int) -> list[str]:
    """Some texts of every sort, at all times of the year."""
    writer, rng = Writer(Random(seed)), Random(seed)
    moments = cycle(HOURS)
    said = [person_name(rng, gender) for gender in "男女" * 30]
    for theme in themes():
        said += [text for rule in UPDATE_KINDS for text in writer.update(rule, theme, next(moments)) if text]
        said += [writer.say(theme, "opinion", next(moments)) for _ in range(5)]
        for rule in ("reply", "under_update", "answer", "warm", "warm_reply", "warm_answer") * 3:
            said.append(writer.say(theme, rule, next(moments), at="@张某"))
        said += [*writer.proposal(theme, next(moments)), *writer.opinion_report(theme, next(moments))]
        topic = writer.topic(theme)
        said += [
            topic.title,
            topic.summary,
            topic.report,
            *(text for paper in topic.papers for text in paper),
        ]
        said += [writer.say(theme, rule) for rule in ("comment", "reminder")]
        said += handled(writer, theme)
        for rule in ("speech", "honour", "consultation", "service"):
            said.append(writer.say(theme, f"outside_{rule}", title=writer.subject(theme)))
    for book in books():
        for rule in ("note", "note_title", "reading_topic", "reading_intro", "reading") * 3:
            said.append(writer.say(book, rule, next(moments), at="张某"))
    return said


def handled(writer: Writer, theme: Theme) -> list[str]:
    """What is written while a proposal is handled."""
    proposal = writer.proposal(theme, frozenset())
    slots = {"to": "张某委员", "title": proposal.title, "number": "十二", "unit": theme.unit}
    slots |= {"day": "明年六月底", "act": proposal.acts()[0], "right": theme.unit}
    rules = [rule for rule in corpus("handling") if not rule.startswith("reply_")]
    said = [text for rule in rules if (text := writer.say(theme, rule, frozenset(), **slots))]
    acts = proposal.acts()
    for promise in (None, writer.say(theme, "promise", frozenset(), **slots)):
        taken = [n % 2 == 0 for n in range(len(acts))]
        said.append(writer.reply(theme, acts, taken, promise, again=promise is None, **slots))
    return said


@pytest.mark.parametrize("seed", [1, 2])
def test_texts_hold_no_odd_character(seed):
    for text in everything(seed):
        assert PLAIN.fullmatch(text), text
        assert clean(text) == text


def test_texts_read_as_sentences():
    for text in everything(3):
        assert not re.search(r"[，。；：、？！]{2}|，。|（）|“”|的的", text), text


def test_the_same_seed_gives_the_same_texts_in_every_process():
    code = (
        "from tests.demo.test_text import everything\n"
        "from hashlib import sha256\n"
        "print(sha256('|'.join(everything(7)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }
    assert digests == {sha256("|".join(everything(7)).encode()).hexdigest()}


def test_proposals_differ_and_are_long_enough():
    writer, rng = Writer(Random(5)), Random(5)
    written = [writer.proposal(rng.choice(themes()), frozenset()) for _ in range(1_500)]
    assert len({text.situation + text.suggestions for text in written}) == 1_500
    assert len({text.title for text in written}) > 1_200
    lengths = [len(text.situation) + len(text.suggestions) for text in written]
    assert min(lengths) > 250
    assert max(lengths) > 900
    assert all(re.fullmatch("关于.+的建议", text.title) and len(text.title) <= 120 for text in written)


def test_the_city_has_many_concerns():
    assert len(fields()) >= 10
    assert len(themes()) >= 40


def test_opinions_on_one_theme_rarely_repeat():
    writer = Writer(Random(9))
    said = [writer.say(themes()[0], "opinion", HOURS[0]) for _ in range(400)]
    assert len(set(said)) > 330
    assert min(map(len, said)) < 25
    assert max(map(len, said)) > 90


def test_names_are_of_every_length_and_rare_characters_come_up():
    rng = Random(11)
    names = [person_name(rng, "女" if rng.random() < 0.4 else "男") for _ in range(3_000)]
    assert {2, 3, 4} <= set(map(len, names))
    assert any("·" in name for name in names)
    assert set(RARE) <= set("".join(names))
    assert 0.01 < sum(any(c in RARE for c in name) for name in names) / len(names) < 0.08
    assert len(set(names)) > 2_700


def test_a_phrase_fits_only_where_its_words_hold():
    known = rules({"greeting": ["{冬}天冷", "{夏}{晚上}夜里凉快", "好"]})
    said = {expand(known, parse("<greeting>"), Random(n), {}, {"夏", "晚上"}) for n in range(40)}
    assert said == {"夜里凉快", "好"}


def test_no_update_of_a_term_repeats_another():
    writer, rng = Writer(Random(13)), Random(13)
    said = [
        writer.update(rng.choice(list(UPDATE_KINDS)[:-1]), rng.choice(themes()), rng.choice(HOURS))[0]
        for _ in range(1_700)
    ]
    assert len(set(said)) == len(said)


def test_notes_and_answers_speak_of_their_own_book():
    writer = Writer(Random(14))
    names = {book.rules["book"][0][0] for book in books()}
    for book in books():
        own = book.rules["book"][0][0]
        for hour in HOURS[:40]:
            assert not any(name in writer.say(book, "note", hour) for name in names - {own})
