"""Commands that prove what is stored: the audit log, files, and who holds roles that are kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.database import connected
from app.cli.progress import bars

if TYPE_CHECKING:
    from app.core.db import Database

Anchors = Annotated[
    Path | None, typer.Option(exists=True, help="另行保管的锚点文件或文件夹；默认用数据目录里的。")
]
Archive = Annotated[
    Path | None, typer.Option("--from", exists=True, dir_okay=False, help="用这份备份修复损坏的文件。")
]


def verify_audit(anchors: Anchors = None) -> None:
    """核对审计记录的校验链、封条和锚点；不可信时给出第一条，退出码为 1。"""
    from app.audit import anchors as anchoring
    from app.audit.keys import keys
    from app.audit.models import AuditEntry
    from app.audit.proof import FAULT_LABELS, prove
    from app.core.errors import AppError
    from app.core.sql import may_rewrite

    try:
        kept = anchoring.load(anchors or keys().data_dir)
    except AppError as e:
        typer.echo(e.detail, err=True)
        raise typer.Exit(1) from None
    if anchors and not kept:
        typer.echo(f"{anchors} 里没有锚点。", err=True)
        raise typer.Exit(1)
    with _audited().read.connect() as conn:
        if may_rewrite(conn, str(AuditEntry.__tablename__)):
            typer.echo(
                "提示：应用的数据库角色可以改写审计记录，请按运维手册“数据库角色”一节分设角色。", err=True
            )
        proof = prove(conn, kept=kept)
    if proof["fault"]:
        typer.echo(f"审计记录自第 {proof['broken']} 条起不可信：{FAULT_LABELS[proof['fault']]}。")
        raise typer.Exit(1)
    typer.echo(f"{proof['checked']} 条审计记录完整无误。")
    if kept:
        typer.echo(f"与 {len(kept)} 个锚点相符，最近一个锚定第 {kept[-1].entry} 条（{kept[-1].at}）。")


def seal_audit(*, yes: Annotated[bool, typer.Option("--yes", help="已核对，不再询问。")] = False) -> None:
    """按现状重新加封审计记录；密钥丢失或事件处置之后使用。"""
    from app.audit import anchors, proof, service
    from app.audit.keys import keys

    database = _audited()
    with database.read.connect() as conn:
        found = proof.prove(conn, kept=anchors.load(keys().data_dir))
    if found["fault"]:
        typer.echo(f"第 {found['broken']} 条起：{proof.FAULT_LABELS[found['fault']]}。", err=True)
    if not yes:
        typer.confirm("承认现有的审计记录，并从现在起用本服务器的密钥加封？", abort=True)
    with database.transaction() as db:
        service.seal_again(db, found["broken"])
    service.anchor(database)
    typer.echo("已重新加封。此事已写入审计记录。")


def verify_files(archive: Archive = None) -> None:
    """逐个核对存放的文件，可用备份修复；有丢失时逐个列出，退出码为 1。"""
    from app.backup.restore import heal
    from app.core.config import settings
    from app.files import verify
    from app.main import load_routers

    load_routers()
    database, folder = connected(), settings().data_dir / "files"
    with bars() as progress:
        checked = verify.verify(database, folder, progress)
    with database.read.connect() as conn:
        damaged = verify.damaged(conn)
    if archive and damaged:
        healed = heal(archive, folder, set(damaged))
        with database.transaction() as db:
            verify.record(db.connection(), dict.fromkeys(healed))
        typer.echo(f"已从备份修复 {len(healed)} 个文件。")
    with database.read.connect() as conn:
        lost = verify.in_words(conn, verify.damaged(conn))
    for line in lost:
        typer.echo(line)
    if lost:
        typer.echo(f"共核对 {checked} 个文件，以上 {len(lost)} 处丢失或损坏。")
        raise typer.Exit(1)
    typer.echo(f"{checked} 个文件完整无误。")


def check_roles() -> None:
    """列出兼任不应兼任角色的账号；有时退出码为 1。"""
    from app.auth.permissions import ROLE_LABELS
    from app.auth.queries import holding_apart

    with _audited().read.connect() as conn:
        found = holding_apart(conn)
    for account_id, name, roles in found:
        typer.echo(f"{name}（账号 {account_id}）兼任：{'、'.join(ROLE_LABELS[role] for role in roles)}")
    if found:
        typer.echo("以上角色不得兼任，请安全管理员收回其一。")
        raise typer.Exit(1)
    typer.echo("没有账号兼任须分开的角色。")


def _audited() -> Database:
    """The database, with the tables that accounts refer to."""
    from importlib import import_module

    import_module("app.people.models")
    return connected()
