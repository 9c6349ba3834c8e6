"""An opinion report as an issue of 社情民意信息: a red head, number and day, the text, whose it is, whom it goes to."""

from app.core import clock
from app.exports.opinions.queries import Issue
from app.exports.proposals.document import file_name
from app.exports.renderers.document import Document, DocumentTable, Text

_NAME = "社情民意信息"


def issue(of: Issue) -> Document:
    """The issue in the customary layout."""
    number = of.number or f"（{of.state_label}）"
    lines = [line for line in map(str.strip, of.body.split("\n")) if line]
    authors = [Text("closing", f"（反映人：{'、'.join(of.authors)}）")] if of.authors else []
    return Document(
        name=file_name(_NAME, of.number or of.state_label, of.title),
        author=of.organization,
        blocks=(
            Text("issuer", _NAME),
            Text("issue", number),
            Text("number", f"{of.organization}办公室　　{clock.in_words(of.day)}"),
            Text("title", of.title or "（标题未填写）"),
            *(Text("body", line) for line in lines or ["（正文未填写）"]),
            *authors,
            DocumentTable(rows=_foot(of), widths=(2, 9), labels=(0,)),
        ),
    )


def _foot(of: Issue) -> tuple[tuple[str, str], ...]:
    known = (("报送", "、".join(of.tiers)), ("编辑", of.editor), ("签发", of.issuer))
    return tuple((label, value) for label, value in known if value)
