"""The public page of a venue; all text is escaped."""

from html import escape
from typing import Any

_FRAME = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body{{margin:0;background:#f7f3ea;color:#221a14;font:20px/1.7 "PingFang SC","Noto Sans CJK SC",sans-serif}}
main{{max-width:32em;margin:0 auto;padding-bottom:2em}}
h1,h2,p,dl,dd,ul{{margin:0;padding:0}}
header{{padding:1.4em 1.2em 1.2em;color:#fff;background:#8c1d1b}}
h1{{font-size:1.9em;line-height:1.35}}
section{{margin:.8em;padding:1em 1.1em;background:#fff;border-radius:14px}}
h2{{font-size:1.15em;color:#8c1d1b}}
dt{{color:#54483d;font-size:.9em}}dd{{margin-bottom:.5em}}dd:last-child{{margin-bottom:0}}
li{{margin-top:.4em;list-style:none}}li span{{color:#54483d;font-size:.9em}}
.results span{{display:block}}
.go{{display:block;margin:.8em;padding:.7em;border-radius:12px;background:#8c1d1b;color:#fff;text-align:center;text-decoration:none}}
footer{{padding:.4em 1.2em;font-size:.9em;color:#54483d}}
</style>
<main><header><h1>{title}</h1><p>{below}</p></header>
{body}</main></html>
"""

#: What was solved, and what is not yet.
_RESULTS = (("幸福账单", True), ("问题清单", False))


def page(venue: dict[str, Any], results: list[dict[str, Any]]) -> str:
    """The page of a venue that is open to the public, with the matters that were released there."""
    facts = (("地点", venue["place"]), ("开放时间", venue["opening_hours"]), ("召集人", venue["convener"]))
    said = "".join(f"<dt>{label}</dt><dd>{escape(text)}</dd>" for label, text in facts if text)
    posted = "".join(
        f"<li>{escape(one['name'])} <span>{escape(one['post_label'])}</span></li>" for one in venue["members"]
    )
    parts = [
        said and f"<section><dl>{said}</dl></section>",
        posted and f"<section><h2>在这里联系群众的委员</h2><ul>{posted}</ul></section>",
        *(_results(title, [one for one in results if one["solved"] is solved]) for title, solved in _RESULTS),
        f'<a class="go" href="/matter?venue={escape(venue["code"])}">提议题、查进展</a>',
        f"<footer>{escape(venue['organization'])}</footer>",
    ]
    return _FRAME.format(
        title=escape(venue["name"]), below=escape(venue["kind_label"]), body="\n".join(filter(None, parts))
    )


def _results(title: str, matters: list[dict[str, Any]]) -> str:
    """The matters that were solved, or are not yet."""
    items = "".join(
        f"<li>{escape(one['title'])}<span>{escape(one['result'] or one['problem'])}</span></li>"
        for one in matters
    )
    return items and f'<section class="results"><h2>{title}</h2><ul>{items}</ul></section>'


def unknown_page() -> str:
    """The page of a code that no public venue has."""
    return _FRAME.format(
        title="没有找到这个场所",
        below="它可能已经关闭，或者暂不对外公开。请核对二维码或链接是否完整。",
        body="",
    )
