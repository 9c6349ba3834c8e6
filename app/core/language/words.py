"""Words of a text: runs of Han characters, and other words whole; and what a text says, however it is written."""

import re
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b
from operator import add

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_RUN = re.compile(f"(?P<han>[{_HAN}]+)|[^\\W_{_HAN}]+")
_LONGEST_WORD = 40
#: Particles, which say nothing by themselves.
_PARTICLES = str.maketrans("", "", "的了吧啊呀呢吗哦嗯哈呵嘛啦哟")


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Each word, and whether it is one of Han characters."""
    for run in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        is_han = run.lastgroup == "han"
        yield (run[0] if is_han else run[0][:_LONGEST_WORD]), is_han


def pieces(text: str) -> set[str]:
    """The distinct two-character pieces of Han runs, and the other words; single Han characters are left out."""
    found = set[str]()
    for word, is_han in runs(text):
        found.update(map(add, word, word[1:]) if is_han else [word])
    return found


def measured(text: str) -> dict[str, int]:
    """How many different things a text says (`substance`, 1 at least), and what equal sayings share (`fingerprint`).

    Order, repetition, punctuation, digits and particles change neither: 好好好！！1 says one thing, as 好好 does.
    """
    said = {piece for piece in pieces(text.translate(_PARTICLES)) if not piece.isdecimal()}
    digest = blake2b("\0".join(sorted(said)).encode(), digest_size=8).digest()
    return {"substance": max(len(said), 1), "fingerprint": int.from_bytes(digest, signed=True)}
