"""What stands in the documents of a proposal: the proposal itself, and the letter that replies to it."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from app.core import clock
from app.exports.proposals.queries import Dossier, ReplyLetter
from app.exports.renderers.document import Document, DocumentTable, Text, Together

_SESSION = re.compile(r"第?([〇一二三四五六七八九十百\d]+)次(全体)?会议")
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
#: A letter that begins with whom it is to.
_GREETING = re.compile("[^。；，]{1,40}[：:]")
#: Signers whom a letter greets by name; more are counted.
_GREETED = 5
_NAME = 60


def proposal(of: Dossier) -> Document:
    """A proposal: session and number, 案由, who signs, 情况分析, 具体建议, the list of its attachments."""
    return Document(
        name=file_name(_number(of), of.title),
        author=of.organization,
        blocks=(
            Text("issuer", _session(of)),
            Text("number", _number(of)),
            Text("title", of.title or "（案由未填写）"),
            _facts(of),
            DocumentTable(
                rows=tuple((s.role_label, s.name, s.sector, s.post_label) for s in of.signers),
                widths=(2, 4, 5, 3),
                head=("", "姓名", "界别", "职务"),
                labels=(0,),
            ),
            Text("heading", "情况分析"),
            *paragraphs(of.situation),
            Text("heading", "具体建议"),
            *paragraphs(of.suggestions),
            *([Text("heading", "调研依据"), *paragraphs(of.research)] if of.research else []),
            *attachment_list(file.name for file in of.attachments),
            *([Text("body", f"（{of.on_paper}）")] if of.on_paper else []),
        ),
    )


def reply(of: Dossier, letter: ReplyLetter) -> Document:
    """The reply to a proposal: unit, class of the result, whom it answers, text, attachments, day, whom to ask."""
    title = f"对{_session(of)}{_number(of)}的答复"
    *body, last = (*paragraphs(letter.body), *attachment_list(file.name for file in letter.attachments))
    greets = _GREETING.fullmatch(letter.body.strip().partition("\n")[0].strip())
    closing = [Text("closing", letter.unit), Text("closing", _day(letter.replied_on))]
    if letter.contact:
        closing.append(Text("body", f"联系人：{letter.contact}"))
    return Document(
        name=file_name(_number(of), f"{letter.unit}的答复"),
        author=letter.unit,
        blocks=(
            Text("issuer", letter.unit),
            Text("number", f"办理结果：{letter.letter}类（{letter.result_label}）"),
            Text("title", title),
            *([] if greets else [Text("left", f"{_greeted(of)}：")]),
            *body,
            Together((last, *closing)),  # no page that holds a signature alone
        ),
    )


def file_name(*parts: str) -> str:
    """A name that every system takes for a file, without an ending."""
    return _NOT_IN_NAMES.sub(" ", " ".join(parts)).strip(" .")[:_NAME].strip(" .")


def _session(of: Dossier) -> str:
    """政协云川市第十六届委员会第二次会议; the window's own name where it tells of no session."""
    name = of.organization.removesuffix("委员会")
    term = f"{name}{of.term}" + ("委员会" if name != of.organization else "")
    session = _SESSION.search(of.window or "")
    return term + (f"第{session[1]}次会议" if session else of.window or "")


def _number(of: Dossier) -> str:
    return f"第{of.number}号提案" if of.number else f"提案（{of.state_label}）"


def _day(day: date | None) -> str:
    return clock.in_words(day) if day else ""


def _facts(of: Dossier) -> DocumentTable:
    """The facts that there are, two in a row."""
    facts = [
        ("提案形式", of.kind_label),
        ("类别", of.category),
        ("提出单位", of.body_name),
        ("联系人", of.contact),
        ("提出时间", of.period_label),
        ("是否公开", of.publishing),
        ("建议承办", of.suggested_units),
        ("提交日期", _day(of.submitted_on)),
        ("立案日期", _day(of.filed_on)),
    ]
    known = [(label, value) for label, value in facts if value]
    if len(known) % 2:
        known.append(("", ""))
    rows = tuple(left + right for left, right in zip(known[::2], known[1::2], strict=True))
    return DocumentTable(rows=rows, widths=(2, 5, 2, 5), labels=(0, 2))


def paragraphs(text: str) -> Iterator[Text]:
    """A text, a paragraph for each of its lines."""
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    return (Text("body", line) for line in lines or ["（未填写）"])


def attachment_list(names: Iterable[str]) -> Iterator[Text]:
    """The names of attached files, numbered."""
    for place, name in enumerate(names, 1):
        before = "附件：" if place == 1 else "　　　"
        yield Text("body", f"{before}{place}. {name}")


def _greeted(of: Dossier) -> str:
    names = [signer.name for signer in of.signers]
    if of.body_name:
        return of.body_name
    return "、".join(names) + "委员" if len(names) <= _GREETED else f"{names[0]}等{len(names)}位委员"
