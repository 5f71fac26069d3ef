"""`gangshen indicators`: series and their values."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated

import typer

from gangshen.web.boot import boot

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_series(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Every series with the value that holds."""
    boot()
    from .listings import figure, with_latest
    from .models import Series

    rows = with_latest(Series.objects.all()).order_by("key")
    if as_json:
        names = ("key", "name", "entity", "unit", "period", "nature", "scope", "synthetic", "count")
        shown = [
            {name: getattr(one, name) for name in names}
            | {
                "at": one.last_at.isoformat() if one.last_at else None,
                "value": None if one.last_value is None else float(one.last_value),
                "vintage": one.last_vintage,
            }
            for one in rows
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for one in rows:
        held = f"{figure(one.last_value)} {one.unit}  {one.last_at}  {one.last_vintage}" if one.last_at else "-"
        typer.echo(f"{one.key:<32}  {held}  {one.name}")


@app.command()
def observe(
    series: Annotated[str, typer.Argument(help="Key of the series.")],
    at: Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"], help="Last day of what the value covers.")],
    value: Annotated[str, typer.Argument(help="The figure, without its unit.")],
    vintage: Annotated[str, typer.Option(help="flash, preliminary or final.")] = "preliminary",
    source: Annotated[str, typer.Option(help="Key of the source.")] = "",
    evidence: Annotated[str, typer.Option(help="Reference, such as doc:ID#10-30.")] = "",
    citation: Annotated[str, typer.Option(help="Title, issuer, date and section of what says so.")] = "",
    note: Annotated[str, typer.Option(help="Why an earlier value is revised.")] = "",
) -> None:
    """Add a value; what was said before stays readable."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.engines.evidence import Ref
    from gangshen.web.errors import Refused

    from . import services
    from .listings import figure

    if not (evidence or citation or source):
        raise Refused("A value needs its source.", "Give --citation, --evidence or --source.")
    made = services.observe(
        series,
        at.date(),
        value,
        vintage=vintage,
        source=source or None,
        evidence=str(Ref.parse(evidence)) if evidence else "",
        citation=citation,
        note=note,
        now=identity.now(),
        actor=None,
    )
    typer.echo(f"{made.series.key} {made.at}: {figure(made.value)} {made.series.unit} ({made.vintage})")
