"""The public page behind a card's QR code, made of what the check says; all text is escaped."""

from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from app.cards.shape import CardDict, SectionDict

_HEADS = {
    "issued": ("ok", "✓ 这是一张真实有效的履职数字纪念卡"),
    "corrected": ("old", "这张纪念卡已经更正，请以新版为准"),
    "revoked": ("bad", "这张纪念卡已经撤销，不再有效"),
    "not_issued": ("old", "这张纪念卡出自本平台，尚未颁发"),
}
_ALTERED = ("bad", "这张纪念卡的内容与签名不符，不可采信")

_UNKNOWN = ("bad", "没有这张纪念卡")

_FRAME = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>履职数字纪念卡核验</title>
<style>body{{font:18px/1.7 sans-serif;max-width:30em;margin:2em auto;padding:0 1em;color:#222}}
h1{{font-size:1.4em}}h2{{font-size:1.1em;margin:1.6em 0 0}}a{{color:#8e1b1b}}.ok{{color:#1c6450}}.old{{color:#835a0e}}
.bad{{color:#a11}}.seal{{font-size:.75em;color:#555;overflow-wrap:anywhere}}</style>
<h1 class="{tone}">{head}</h1>
{body}</html>
"""

_CHECKED = """<p>{organization}<br>{term}</p><p><strong>{name}</strong> 委员<br>{period}（{starts_on} 至 {ends_on}）</p>
{rest}
<p>核验时间：{as_of}</p>"""


def page(found: dict[str, Any], card: CardDict | None, zone: str) -> str:
    """The page of a check, with the sections of `card` where its owner shares them."""
    altered = not found["genuine"]
    tone, head = _ALTERED if altered else _HEADS[found["state"]]
    told = {
        key: escape(str(found[key]))
        for key in ("organization", "term", "name", "period", "starts_on", "ends_on")
    }
    as_of = _local(found["as_of"], zone)
    rest = "\n".join([*_seal(found, zone), *([] if card is None else map(_section, card["sections"]))])
    return _FRAME.format(tone=tone, head=head, body=_CHECKED.format(rest=rest, as_of=as_of, **told))


def unknown_page() -> str:
    """The page of a code that no card has, for whoever scanned it."""
    tone, head = _UNKNOWN
    return _FRAME.format(
        tone=tone, head=head, body="<p>请核对二维码或链接是否完整。查不到的纪念卡不可采信。</p>"
    )


def _local(moment: Any, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _seal(found: dict[str, Any], zone: str) -> list[str]:
    lines = []
    if found["version"] is None:
        lines.append("<p>卡上的数字随履职台账更新，请以正式颁发的纪念卡为准。</p>")
    else:
        ended = f"，{_local(found['ended_at'], zone)} {found['state_label']}" if found["ended_at"] else ""
        lines.append(f"<p>第 {found['version']} 版，{_local(found['issued_at'], zone)} 颁发{ended}。</p>")
    if found["in_force"]:
        lines.append(f'<p><a href="{escape(found["in_force"])}">查看现行有效的纪念卡</a></p>')
    if found["sha256"]:
        lines.append(f'<p class="seal">SHA-256：{found["sha256"]}<br>签名密钥：{escape(found["key_id"])}</p>')
    if found["file"]:
        lines.append(
            f'<p><a href="{escape(found["file"])}">下载签名文件</a>，'
            '连同<a href="/api/v1/cards/keys">公钥</a>，不经本平台也能核验。</p>'
        )
    return lines


def _section(section: SectionDict) -> str:
    figures = "　".join(f"{f['label']} {f['value']} {f['unit']}" for f in section["figures"])
    items = "".join(
        f"<li>{escape(' '.join(filter(None, (i['on'], i['title'], i['detail']))))}</li>"
        for i in section["items"]
    )
    parts = [f"<h2>{escape(section['title'])}</h2>", f"<p>{escape(section['text'])}</p>"]
    if figures:
        parts.append(f"<p><strong>{escape(figures)}</strong></p>")
    if items:
        parts.append(f"<ul>{items}</ul>")
    return "".join(parts)
