"""The public page behind a card's QR code, made of what the check says; all text is escaped.

It is read on a phone by who scanned a card: the verdict first, then whose card, what is on it, the proof at the end.
"""

from datetime import datetime
from html import escape
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.cards.format import CardDict, FigureDict, ItemDict, SectionDict
from app.cards.posters.picture import chinese_day
from app.core import clock


class _Verdict(NamedTuple):
    tone: str
    word: str
    sentence: str


_VERDICTS = {
    "issued": _Verdict("good", "真实", "这是一张真实有效的履职数字纪念卡。"),
    "corrected": _Verdict("fair", "已更正", "这张纪念卡已经更正，请以新版为准。"),
    "revoked": _Verdict("bad", "已撤销", "这张纪念卡已经撤销，不再有效。"),
    "not_issued": _Verdict("fair", "未颁发", "这张纪念卡出自本平台，尚未颁发。"),
}
_ALTERED = _Verdict("bad", "不可信", "这张纪念卡的内容与签名不符，不可采信。")
_UNKNOWN = _Verdict("bad", "查不到", "没有这张纪念卡，不可采信。请核对二维码或链接是否完整。")

_FRAME = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{word} · 履职数字纪念卡核验</title>
<style>
body{{margin:0;background:#f7f3ea;color:#221a14;font:20px/1.7 "PingFang SC","Noto Sans CJK SC",sans-serif}}
main{{max-width:32em;margin:0 auto;padding-bottom:2em}}
h1,h2,p,dl,dd,ul{{margin:0;padding:0}}
header{{padding:1.4em 1.2em 1.2em;color:#fff}}
h1{{font-size:2.8em;line-height:1.25;letter-spacing:.08em}}
.good header{{background:#1c5e4a}}.fair header{{background:#7a520b}}.bad header{{background:#9c1f1f}}
section,details{{margin:.8em;padding:1em 1.1em;background:#fff;border-radius:14px}}
h2{{font-size:1.15em;color:#8c1d1b}}
.name{{font-size:1.9em;font-weight:700;line-height:1.4}}
dl{{display:flex;flex-wrap:wrap;gap:.3em 1.6em;margin-top:.5em}}
dt,dd{{display:inline}}dd b{{font-size:1.35em;color:#8c1d1b}}
li{{margin-top:.6em;padding-left:.8em;border-left:4px solid #d9b165;list-style:none}}
section p+p{{margin-top:.15em}}
li span{{display:block;color:#54483d;font-size:.9em}}
a{{color:#8c1d1b;font-weight:600}}.go{{display:block;margin-top:.8em;padding:.7em;border-radius:12px;background:#8c1d1b;color:#fff;
text-align:center;text-decoration:none}}
summary{{min-height:48px;line-height:48px;font-weight:600}}
details p{{overflow-wrap:anywhere;font-size:.9em;margin-top:.5em}}
footer{{padding:.4em 1.2em;font-size:.9em;color:#54483d}}
</style>
<main class="{tone}"><header><h1>{word}</h1><p>{sentence}</p></header>
{body}</main></html>
"""


def page(found: dict[str, Any], card: CardDict | None, zone: str) -> str:
    """The page of a check, with the sections of `card` where its owner shares them."""
    verdict = _VERDICTS[found["state"]] if found["genuine"] else _ALTERED
    parts = [
        _whose(found, zone),
        *([_kept_private(found)] if card is None else map(_section, card["sections"])),
        _proof(found),
        f"<footer>核验时间：{_moment(found['as_of'], zone)}</footer>",
    ]
    return _frame(verdict, "\n".join(filter(None, parts)))


def unknown_page() -> str:
    """The page of a code that no card has, for whoever scanned it."""
    return _frame(_UNKNOWN, "")


def _frame(verdict: _Verdict, body: str) -> str:
    return _FRAME.format(**verdict._asdict(), body=body)


def _moment(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_day(moment, zone)} {local:%H:%M}"


def _day(moment: datetime, zone: str) -> str:
    return clock.in_words(clock.local_day(moment, zone))


def _whose(found: dict[str, Any], zone: str) -> str:
    """Whose card it is, of which period, in which version; the way to the one in force."""
    name, organization, term, period = (
        escape(found[key]) for key in ("name", "organization", "term", "period")
    )
    first, last = (chinese_day(str(found[key])) for key in ("starts_on", "ends_on"))
    lines = [f'<p class="name">{name} 委员</p>', f"<p>{organization}　{term}</p>"]
    lines.append(f"<p>{period}</p><p>{first}至{last}</p>")
    if found["version"] is None:
        lines.append(
            f"<p>数字截至{_day(found['as_of'], zone)}，会随履职台账更新。以正式颁发的纪念卡为准。</p>"
        )
    else:
        ended = f"，{_day(found['ended_at'], zone)}{found['state_label']}" if found["ended_at"] else ""
        lines.append(f"<p>第 {found['version']} 版，{_day(found['issued_at'], zone)}颁发{ended}。</p>")
    if found["in_force"]:
        lines.append(f'<a class="go" href="{escape(found["in_force"])}">查看现行有效的纪念卡</a>')
    return f"<section>{''.join(lines)}</section>"


def _kept_private(found: dict[str, Any]) -> str:
    """Of a card in force that its owner does not share: that it is genuine, and who says so."""
    if not found["genuine"] or found["state"] != "issued":
        return ""
    sentence = (
        f"这张纪念卡的主人尚未公开内容，可以确认的是：本卡由{escape(found['organization'])}签发，真实有效。"
    )
    return f"<section><p>{sentence}</p></section>"


def _section(section: SectionDict) -> str:
    figures = "".join(map(_figure, section["figures"]))
    items = "".join(map(_item, section["items"]))
    parts = [f"<h2>{escape(section['title'])}</h2>", f"<p>{escape(section['text'])}</p>"]
    if figures:
        parts.append(f"<dl>{figures}</dl>")
    if items:
        parts.append(f"<ul>{items}</ul>")
    return f"<section>{''.join(parts)}</section>"


def _figure(figure: FigureDict) -> str:
    label, unit = escape(figure["label"]), escape(figure["unit"])
    return f"<div><dt>{label}</dt> <dd><b>{figure['value']:,}</b> {unit}</dd></div>"


def _item(item: ItemDict) -> str:
    beside = "，".join(filter(None, (escape(item["detail"]), chinese_day(item["on"]) if item["on"] else "")))
    return f"<li>{escape(item['title'])}" + (f"<span>{beside}</span>" if beside else "") + "</li>"


def _proof(found: dict[str, Any]) -> str:
    """What an expert checks by; folded."""
    if not found["sha256"]:
        return ""
    lines = [
        "<p>颁发时，平台对卡上的每一个字做了数字签名；哪怕改动一个字，这一页都会显示“不可信”。</p>",
        f"<p>SHA-256：{found['sha256']}</p><p>签名密钥：{escape(found['key_id'])}</p>",
    ]
    if found["file"]:
        lines.append(
            f'<p><a href="{escape(found["file"])}">下载签名文件</a>，'
            '连同<a href="/api/v1/cards/keys">公钥</a>，不经本平台也能核验。</p>'
        )
    return f"<details><summary>怎样核验</summary>{''.join(lines)}</details>"
