"""What the duty report (履职报告) of a member of the standing committee holds in words, as data."""

from typing import NamedTuple


class Passage(NamedTuple):
    """A part that the member writes: its heading, and what belongs there."""

    heading: str
    hint: str


PASSAGES = {
    "study": Passage("学习情况", "政治理论、统战政协知识和业务学习。"),
    "deliberation": Passage("参政议政情况", "出席会议、视察调研、提案和建言，以及取得的成效。"),
    "constituency": Passage("联系服务界别群众情况", "走访联系、反映诉求、办成的实事。"),
    "conduct": Passage("遵守纪律和廉洁自律情况", "遵守政协章程、会议纪律和作风要求。"),
    "shortcomings": Passage("存在的不足", "履职中的差距和原因。"),
    "plans": Passage("下一年度履职打算", "准备怎样改进，重点做什么。"),
}
