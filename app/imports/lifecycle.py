"""States of an import, and what its author may do in each."""

from enum import StrEnum


class ImportState(StrEnum):
    """How far an import is; `failed` is the end of a file that cannot be read."""

    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


STATE_LABELS = {
    ImportState.CHECKING: "正在核对",
    ImportState.CHECKED: "已核对",
    ImportState.APPLYING: "正在写入",
    ImportState.APPLIED: "已写入",
    ImportState.FAILED: "无法读取",
}


class ImportAction(StrEnum):
    """What may be done with an import."""

    MEND = "mend"
    APPLY = "apply"
    APPLY_WITHOUT_FAULTY = "apply_without_faulty"


ACTION_LABELS = {
    ImportAction.MEND: "修改",
    ImportAction.APPLY: "写入",
    ImportAction.APPLY_WITHOUT_FAULTY: "不要有错误的行，写入其余各行",
}


def allowed_actions(state: str, faults: int, *, in_header: bool, own: bool) -> list[ImportAction]:
    """What its author may do; faults `in_header` concern the whole table, so that no row can be left out for them."""
    if not own or state not in {ImportState.CHECKING, ImportState.CHECKED}:
        return []
    if state == ImportState.CHECKING:
        return [ImportAction.MEND]
    if not faults:
        return [ImportAction.MEND, ImportAction.APPLY]
    return [ImportAction.MEND] if in_header else [ImportAction.MEND, ImportAction.APPLY_WITHOUT_FAULTY]
