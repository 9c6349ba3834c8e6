"""The life cycle of a request about personal data, as data."""

from enum import StrEnum

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class RequestKind(StrEnum):
    """What a member asks for."""

    CORRECT = "correct"
    ERASE = "erase"


KIND_LABELS = {RequestKind.CORRECT: "更正个人信息", RequestKind.ERASE: "删除个人信息"}


class PersonalField(StrEnum):
    """What may be corrected."""

    NAME = "name"
    PHONE = "phone"
    EMPLOYER = "employer"
    BORN_ON = "born_on"
    GENDER = "gender"


FIELD_LABELS = {
    PersonalField.NAME: "姓名",
    PersonalField.PHONE: "手机号码",
    PersonalField.EMPLOYER: "工作单位及职务",
    PersonalField.BORN_ON: "出生日期",
    PersonalField.GENDER: "性别",
}


class RequestState(StrEnum):
    """Where a request is."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class RequestAction(StrEnum):
    """What a caller may ask for."""

    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"
    WITHDRAW = "withdraw"


_NEW, _OPEN = frozenset({RequestState.SUBMITTED}), frozenset({RequestState.SUBMITTED, RequestState.ACCEPTED})
_STAFF = Permission.PEOPLE_MANAGE

LIFECYCLE = Lifecycle(
    {
        RequestState.SUBMITTED: "待受理",
        RequestState.ACCEPTED: "已受理",
        RequestState.DECLINED: "未同意",
        RequestState.DONE: "已办结",
        RequestState.WITHDRAWN: "已撤回",
    },
    [
        Transition(RequestAction.ACCEPT, "受理", _NEW, RequestState.ACCEPTED, _STAFF),
        Transition(RequestAction.DECLINE, "不同意", _OPEN, RequestState.DECLINED, _STAFF, needs_reason=True),
        Transition(
            RequestAction.FINISH, "办结", frozenset({RequestState.ACCEPTED}), RequestState.DONE, _STAFF
        ),
        Transition(
            RequestAction.WITHDRAW,
            "撤回",
            _NEW,
            RequestState.WITHDRAWN,
            Permission.ACCOUNT_SELF,
            by_author=True,
        ),
    ],
)
