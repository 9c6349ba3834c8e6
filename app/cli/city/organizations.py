"""`lvyi organizations …`: the tree of all organizations, and where one stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.city.accounts import change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from app.people.models import Organization

organizations = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="本机各政协组织的上下级；建立用 create-organization。"
)


@organizations.command("list")
def list_all() -> None:
    """按上下级列出本机所有政协组织。"""
    from sqlmodel import select

    from app.people.models import LEVEL_LABELS, Level, Organization

    def read(db: Session) -> str:
        rows = list(db.exec(select(Organization).order_by(Organization.id)))  # type: ignore[arg-type]

        def below(parent_id: int | None, depth: int) -> Iterator[str]:
            for row in rows:
                if row.parent_id == parent_id:
                    yield f"{'  ' * depth}{row.name}\t{LEVEL_LABELS[Level(row.level)]}"
                    yield from below(row.id, depth + 1)

        return "\n".join(below(None, 0)) or "还没有建立政协组织。"

    typer.echo(change(read))


@organizations.command("move")
def move(
    name: Annotated[str, typer.Argument(help="政协组织名称。")],
    parent: Annotated[str | None, typer.Option(help="新的上级政协组织名称；不填则没有上级。")] = None,
) -> None:
    """把一个政协组织归到另一个之下，或让它没有上级。"""
    from app.people.organizations.service import edit_organization
    from app.people.roster.plan import organization_named
    from app.people.service import id_of

    def write(db: Session) -> str:
        above: Organization | None = organization_named(db, parent) if parent else None
        moved = organization_named(db, name)
        edit_organization(db, id_of(moved), parent_id=id_of(above) if above else None)
        return f"{name}的上级现在是{above.name}。" if above else f"{name}现在没有上级。"

    typer.echo(change(write))
