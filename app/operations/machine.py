"""What of the server's health is on the machine, not in the database: files, disk, fonts, clients, settings."""

import os
import shutil
from pathlib import Path
from typing import Any, get_args

from fontTools.ttLib import TTLibError
from sqlalchemy import make_url

from app import web
from app.core.config import Settings
from app.core.language import fonts

_LITTLE_ROOM = 0.1
_OTHERS = 0o077


def finding(key: str, label: str, detail: str, *, ok: bool) -> dict[str, Any]:
    """One thing that is well or not; `detail` says how it stands and, where it is not well, what to do."""
    return {"key": key, "label": label, "ok": ok, "detail": detail}


def findings(config: Settings) -> list[dict[str, Any]]:
    """The disk, secret, push, font faces and clients; they can be said when no database is reachable."""
    return [_disk(config), _secret(config), _push(config), _fonts(), _clients()]


def database_file(config: Settings) -> Path | None:
    """The file of an SQLite database; None for a server's."""
    url = make_url(config.database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def is_private(file: Path) -> bool:
    """Whether only its owner may read or write a file."""
    return not file.stat().st_mode & _OTHERS


def _disk(config: Settings) -> dict[str, Any]:
    """Of the data folder and, on SQLite, of the database."""
    file = database_file(config)
    places = {"数据文件夹": config.data_dir} | ({"数据库": file.parent} if file else {})
    details, ok = [], True
    for name, folder in places.items():
        usage = shutil.disk_usage(_existing(folder))
        enough = usage.free > _LITTLE_ROOM * usage.total
        ok &= enough
        details.append(
            f"{name}所在的磁盘还有 {usage.free / 2**30:.1f} GB 可用{'' if enough else '，不多了，请清理'}"
        )
    return finding("disk", "磁盘", f"{'；'.join(details)}。", ok=ok)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    return next(one for one in (folder, *folder.parents) if one.exists())


def _secret(config: Settings) -> dict[str, Any]:
    """Where the secret of the tokens is, and who may read it; never the secret."""
    key, label, file = "secret", "密钥", config.data_dir / "token_secret"
    if config.token_secret:
        return finding(key, label, "密钥由 LVYI_TOKEN_SECRET 设置。", ok=True)
    if not file.exists():
        return finding(key, label, f"还没有密钥，第一次启动时会存入 {file}，请与备份分开另存一份。", ok=True)
    if not is_private(file):
        return finding(key, label, f"别的系统用户可以读取密钥，请运行 chmod 600 {file}。", ok=False)
    if not os.access(file, os.R_OK):
        return finding(key, label, f"没有权限读取密钥 {file}，请用运行服务的系统用户执行。", ok=False)
    return finding(key, label, f"密钥存在 {file}，请与备份分开另存一份。", ok=True)


def _push(config: Settings) -> dict[str, Any]:
    """Push services ask for an address that they may write to; browsers subscribe over HTTPS only."""
    key, label, contact = "push", "推送", config.push_contact
    if not contact:
        detail = "没有设置 LVYI_PUSH_CONTACT，手机收不到推送；需要推送时，请填一个联系邮箱。"
        return finding(key, label, detail, ok=True)
    if "@" not in contact:
        return finding(key, label, f"LVYI_PUSH_CONTACT 应当是邮箱，现在是“{contact}”，请改正。", ok=False)
    if not config.is_https:
        detail = f"网址 {config.public_url} 不是 https，手机不能订阅推送，请配置证书并改 LVYI_PUBLIC_URL。"
        return finding(key, label, detail, ok=False)
    return finding(key, label, f"推送已开通，联系邮箱 {contact}。", ok=True)


def _fonts() -> dict[str, Any]:
    """Posters, PDF documents and cards are set in faces of the package."""
    missing = [face for face in get_args(fonts.Face) if not _is_readable(face)]
    if missing:
        files = "、".join(fonts.file(face).name for face in missing)
        return finding("fonts", "字体", f"缺少字体 {files}，不能制作纪念卡和 PDF，请重新安装程序。", ok=False)
    return finding("fonts", "字体", "制作纪念卡和 PDF 所用的字体齐全。", ok=True)


def _is_readable(face: fonts.Face) -> bool:
    try:
        return bool(fonts.covered(face))
    except (OSError, TTLibError):
        return False


def _clients() -> dict[str, Any]:
    ok = web.is_built(web.FOLDER)
    detail = (
        "手机端和工作台已经构建。"
        if ok
        else "手机端和工作台还没有构建，请运行 python3 scripts/clients.py 后重新启动。"
    )
    return finding("clients", "网页端", detail, ok=ok)
