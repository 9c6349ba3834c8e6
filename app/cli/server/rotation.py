"""`lvyi rotate-secret`: what is encrypted with keys of earlier secrets is encrypted with those of the present one."""

from __future__ import annotations

import typer

from app.cli.database import opened


def rotate_secret() -> None:
    """更换 LVYI_TOKEN_SECRET 之后执行：用新的密钥重新加密动态验证码和纪念卡签名密钥；可以重复执行。"""
    from app.auth.keys.tokens import tokens_of
    from app.auth.sessions import second_factor
    from app.cards.issued import keys
    from app.core.config import settings
    from app.core.jobs.short_transactions import write

    config = settings()
    keys.configure(config)
    with opened() as database:
        done, lost = write(database, lambda db: second_factor.seal_again(db, tokens_of(config)))
        cards = write(database, lambda db: keys.encrypt_again(db.connection()))
    typer.echo(f"已重新加密 {done} 个账号的动态验证码、{cards} 把纪念卡签名密钥。")
    if lost:
        typer.echo(
            f"有 {lost} 个账号的动态验证码用现有的密钥都解不开，他们须凭恢复码登录后重新绑定，或由管理员移除。",
            err=True,
        )
        raise typer.Exit(1)
