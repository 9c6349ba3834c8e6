"""The kinds of decisions that have phrases: one row each, with who decides so and what an office starts with."""

from enum import StrEnum
from typing import Self

from app.auth.permissions import PROPOSAL_STAFF, Permission

_REVIEW = frozenset({Permission.PROPOSAL_REVIEW})
_OPINIONS = frozenset({Permission.OPINION_EDIT})
_RECORDS = frozenset({Permission.DUTY_RECORD})
_PEOPLE = frozenset({Permission.PEOPLE_MANAGE})
_HIDING = frozenset({Permission.CONTENT_HIDE})


class PhraseKind(StrEnum):
    """A decision that asks for a reason, as `noun.verb`; any of `permissions` opens its phrases."""

    label: str
    permissions: frozenset[Permission]
    start: tuple[str, ...]

    def __new__(cls, name: str, label: str, permissions: frozenset[Permission], *start: str) -> Self:
        """One row of the table; `start` are the phrases of an office that has changed none."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.label, kind.permissions, kind.start = label, permissions, start
        return kind

    PROPOSAL_RETURN = (
        "proposal.return_for_revision",
        "提案退回修改",
        PROPOSAL_STAFF,
        "情况写得不够具体，请补充事实、数据和分析。",
        "建议不够明确，请逐条写明可以办理的措施。",
        "一件提案请只提一个方面的问题。",
        "题目与内容不一致，请修改题目。",
    )
    PROPOSAL_DECLINE = (
        "proposal.decline",
        "提案不予立案",
        PROPOSAL_STAFF,
        "所提事项不属于政协提案的范围。",
        "内容空泛，没有具体的分析和建议。",
        "属于个人诉求，请通过信访渠道反映。",
        "所提问题已经解决，有关情况另行说明。",
    )
    PROPOSAL_MERGE = (
        "proposal.merge",
        "提案并案",
        PROPOSAL_STAFF,
        "与该提案反映的是同一问题，建议相近，合并办理。",
        "征得提案人同意后并案。",
    )
    PROPOSAL_CONVERT = (
        "proposal.convert",
        "提案转社情民意信息",
        PROPOSAL_STAFF,
        "反映的情况有价值，适合作为社情民意信息报送。",
        "所提事项不在本级职权范围内，转为信息向上反映。",
    )
    PROPOSAL_ACCEPT_RETURN = (
        "proposal.accept_return",
        "同意退办",
        _REVIEW,
        "所提事项不属于贵单位职责，同意退办，另行交办。",
    )
    PROPOSAL_REFUSE_RETURN = (
        "proposal.refuse_return",
        "不同意退办",
        _REVIEW,
        "按职责分工应由贵单位办理。",
        "涉及几家单位，请贵单位牵头，与会办单位商量后答复。",
    )
    PROPOSAL_SEND_BACK = (
        "proposal.send_back",
        "答复退回修改",
        _REVIEW,
        "没有逐条回应建议，请补充。",
        "请写明完成的时限和责任部门。",
        "请先与提案人沟通，再报送答复。",
        "办理结果分类与内容不符，请核对。",
    )
    OPINION_RETURN = (
        "opinion.return",
        "信息退回修改",
        _OPINIONS,
        "请补充具体的事例和数据。",
        "请一事一报，突出一个问题。",
        "请补充针对问题的建议。",
    )
    OPINION_SHELVE = (
        "opinion.shelve",
        "信息留存备查",
        _OPINIONS,
        "同类情况近期已经报送。",
        "所反映的问题已有部门办理。",
        "时效已过，留存备查。",
    )
    LEAD_DECLINE = (
        "lead.decline",
        "线索不采用",
        _OPINIONS,
        "所反映的情况已有部门办理。",
        "内容不够具体，请补充时间、地点和情况。",
        "属于个人诉求，请通过信访渠道反映。",
    )
    CLAIM_REFUSE = (
        "claim.refuse",
        "申报、申诉不予确认",
        _RECORDS,
        "证明材料不足以确认，请补充后再申报。",
        "此事项已有记录，不重复登记。",
        "不属于履职事项的范围。",
    )
    REQUEST_DECLINE = (
        "personal_request.decline",
        "个人信息申请不予办理",
        _PEOPLE,
        "没有证明材料，请补充后再申请。",
        "此项须按规定保存，不能删除。",
    )
    REPLY_HIDE = (
        "reply.hide",
        "隐藏意见和笔记",
        _HIDING,
        "含有不宜公开的个人信息。",
        "与议题无关。",
        "用语不当。",
    )
