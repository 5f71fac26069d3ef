"""`gangshen visits`: who was visited, what was promised, the sheet to take along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gangshen.web.boot import boot

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_visits(
    firm: Annotated[str, typer.Option(help="Key or code of one enterprise.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Visits, the latest first, with what was asked and promised."""
    boot()
    from gangshen.apps.identity import services as identity

    from .models import Visit

    rows = Visit.objects.select_related("firm", "unit").prefetch_related("matters__topic")
    if firm:
        rows = rows.filter(firm=identity.organisation(firm))
    if as_json:
        shown = [
            {
                "firm": one.firm.key,
                "name": one.firm.name,
                "unit": one.unit.key,
                "on": one.on.isoformat(),
                "state": one.state,
                "purpose": one.purpose,
                "matters": [
                    {"kind": row.kind, "words": row.words, "topic": row.topic and row.topic.key, "answer": row.answer}
                    for row in one.matters.all()
                ],
            }
            for one in rows
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for one in rows:
        typer.echo(f"{one.on}  {one.state:<9}  {one.unit}  {one.firm.name}  {one.purpose}")
        for row in one.matters.all():
            typer.echo(f"    {row.get_kind_display()}: {row.words}{f' → {row.answer}' if row.answer else ''}")


@app.command()
def sheet(
    firm: Annotated[str, typer.Argument(help="Key or code of the enterprise.")],
    out: Annotated[Path, typer.Argument(help="Word file to write.")],
    user: Annotated[str, typer.Option(help="Log-in name of who takes it along: the sheet shows what they may see.")],
    force: Annotated[bool, typer.Option(help="Overwrite the file.")] = False,
) -> None:
    """The visit sheet (走访单) of an enterprise as a Word file."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.identity.models import User
    from gangshen.web.errors import Refused

    from . import services

    if out.exists() and not force:
        raise Refused(f"{out} is there already.", "Give another name, or --force.")
    who = User.objects.filter(username=user).first()
    if who is None:
        raise Refused(f"There is no user {user}.", "See: gangshen identity users")
    out.write_bytes(services.sheet(identity.organisation(firm), user=who, today=identity.today()))
    typer.echo(str(out))
