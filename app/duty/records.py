"""What a record says beside its kind: the part that its member had, and where it came from."""

from typing import Literal

RecordRole = Literal["lead", "participant"]
ROLE_LABELS: dict[RecordRole, str] = {"lead": "主要承担", "participant": "参与"}
Source = Literal["platform", "import", "manual", "claim"]
SOURCE_LABELS: dict[Source, str] = {
    "platform": "平台记录",
    "import": "表格导入",
    "manual": "人工登记",
    "claim": "委员申报",
}
#: Begins the `source_ref` of a record that a claim brought in; the claim's id follows.
CLAIM_REF = "claim:"
