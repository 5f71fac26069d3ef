"""`gangshen registers pull` and `quality`: bring what sources have new, and say what cannot be trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gangshen.web.boot import boot

__all__ = ["pull", "quality"]

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def pull(
    name: Annotated[str, typer.Argument(help="Key of a connector or of its source; default: all that are on.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come and write nothing.")] = False,
    as_json: JSON = False,
) -> None:
    """Bring what sources have new by their connectors: from a folder, a database, a web address."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers import services
    from gangshen.apps.registers.models import Connector
    from gangshen.apps.runs import services as runs
    from gangshen.web.errors import Refused

    every = [one for one in Connector.objects.select_related("source") if services.definition(one).enabled]
    told, failed = [], 0
    for one in [services.connector(name)] if name else every:
        try:
            if dry_run:
                told.append({"connector": one.key, "would_bring": services.look(one, identity.today())})
                continue
            run = runs.start(services.PULL, {"connector": one.key}, actor=None, now=identity.now(), inline=True)
            told.append(run.result)
        except Refused as error:
            failed += 1
            told.append({"connector": one.key, "error": str(error)})
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for line in told:
            typer.echo("  ".join(f"{key} {value}" for key, value in line.items()))
        typer.echo(f"{len(told)} connectors, {failed} failed", err=True)
    if failed:
        raise typer.Exit(1)


def quality(
    as_json: JSON = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write the values in doubt to this new .xlsx, to fill in.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep today's figures as the nightly run does.")] = False,
) -> None:
    """What of the register cannot be trusted: out of date, disputed, missing where money waits, refused, twice there."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers import services
    from gangshen.apps.registers.api import quality_out
    from gangshen.apps.runs import services as runs
    from gangshen.web.errors import Refused

    today = identity.today()
    if keep:
        runs.start(services.MEASURE, {}, actor=None, now=identity.now(), inline=True)
    if xlsx is not None:
        if xlsx.exists():
            raise Refused(f"{xlsx} exists.", "Choose another name.")
        rows = services.doubts(today)
        xlsx.write_bytes(services.filling_workbook(rows, today))
        typer.echo(
            f"{xlsx} written: {rows.height} values. Back: gangshen registers import enterprises {xlsx}", err=True
        )
    if as_json:
        typer.echo(quality_out(None, today).model_dump_json())
        return
    found = services.quality(today)
    typer.echo("  ".join(f"{name} {count}" for name, count in found.figures().items()))
    for line in sorted(found.lines, key=lambda one: (-one.fen, -one.stale)):
        if line.stale or line.disputed or line.waiting:
            money = f"  {line.fen / 100:,.0f} yuan wait" if line.fen else ""
            typer.echo(
                f"  {line.attribute.id:<28} known {line.known:>6}  stale {line.stale:>5}  disputed {line.disputed:>4}  "
                f"awaited by {line.waiting:>5}{money}"
            )
    for one in found.late:
        typer.echo(f"  late: {one.source.key}, {one.days} days old, promised every {one.source.update_days}")
