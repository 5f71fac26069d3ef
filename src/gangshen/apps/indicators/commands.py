"""`gangshen indicators`: series and their values, statistics counted over the register."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

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


@app.command()
def statistics(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Every statistic with what was kept of it last."""
    boot()
    from . import services
    from .models import Statistic

    rows = list(Statistic.objects.order_by("key"))
    held = services.latest_results(rows)
    shown: list[dict[str, Any]] = []
    for row in rows:
        one, last = services.definition_of(row), held.get(row.pk)
        shown.append(
            {
                "key": row.key,
                "name": row.name,
                "measure": one.measure.value,
                "by": list(one.by),
                "public": row.public,
                "unit": services.unit_of(one),
                "as_of": last.as_of.isoformat() if last else None,
                "value": services.in_unit(one, last.value) if last else None,
                "unknown": last.open if last else None,
            }
        )
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for line in shown:
        kept = f"{line['value']} {line['unit']}  {line['as_of']}" if line["as_of"] else "-"
        typer.echo(f"{line['key']:<28}  {kept}  {line['name']}")


@app.command()
def count(
    key: Annotated[str, typer.Argument(help="Key of the statistic.")],
    by: Annotated[str, typer.Option(help="One or two axes, such as town,size; default: its own tables.")] = "",
    as_of: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day; default: today.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the result as a vintage of its series.")] = False,
    note: Annotated[str, typer.Option(help="Why a kept result is revised.")] = "",
    published: Annotated[bool, typer.Option("--published", help="Only what is safe to publish.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write a workbook to this file.")] = None,
) -> None:
    """Count a statistic over the register: the figure, what is unknown, its tables."""
    boot()
    from gangshen.apps.identity import services as identity

    from . import services

    row = services.statistic(key)
    day = as_of.date() if as_of else identity.today()
    made = services.report(row, day, by=by, published=published)
    if keep:
        result, new = services.keep(row, day, actor=None, now=identity.now(), note=note)
        made["kept"] = {"result": result.pk, "new": new, "series": row.series.key if row.series else None}
    if xlsx:
        xlsx.write_bytes(services.report_workbook(row, made))
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{row.name} · {made['as_of']}{' · ' + made['period'] if made['period'] else ''}")
    typer.echo(
        f"  {made['value']} {made['unit']}  ({made['firms']} firms; unknown {made['unknown']} of {made['among']})"
    )
    for table in made["tables"]:
        typer.echo(f"  by {', '.join(table['by'])}")
        for line in table["cells"]:
            figure = services.HIDDEN if line["hidden"] and published else line["value"]
            typer.echo(f"    {' / '.join(line['classes']):<30} {figure if figure is not None else 'unknown'}")
