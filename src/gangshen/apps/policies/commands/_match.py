"""``gangshen policies match``: who gets what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["day_of", "free", "match"]


def match(
    enterprise: Annotated[str | None, typer.Option(help="Only this enterprise (its key).")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day to decide for, YYYY-MM-DD; default: today.")] = None,
    only: Annotated[str | None, typer.Option(help="yes, near, unknown; several with commas.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write Excel into this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Match enterprises with the policies in force: decision, clauses, amount, nearest change, questions."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.policies import services

    day = day_of(as_of)
    free(xlsx, force=force)
    wanted = _wanted(only)
    if not services.editions_in_force(day):
        typer.echo(f"No policy is in force on {day}; see `gangshen policies list`.", err=True)
    found = services.matches(_known(enterprise), day) if enterprise else services.all_matches(day)
    kept = (one for one in found if wanted is None or one.decision.value in wanted or ("near" in wanted and one.close))
    if xlsx:
        xlsx.write_bytes(services.match_workbook(list(kept), day))
        typer.echo(f"{xlsx} written", err=True)
    elif as_json:
        _print_json(services.as_row(one) for one in kept)
    else:
        _print(kept)


def day_of(text: str | None) -> Any:
    """The day written, or the zone's today."""
    import datetime as dt

    from gangshen.apps.identity.services import today

    if text is None:
        return today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no date; write YYYY-MM-DD") from None


def free(file: Path | None, *, force: bool) -> None:
    """Refuse to write over a file that is there, unless that is asked for; before any work is done."""
    from gangshen.web.errors import Refused

    if file is not None and file.exists() and not force:
        raise Refused(f"{file} is there already.", "Give another name, or --force to write over it.")


def _wanted(only: str | None) -> set[str] | None:
    if only is None:
        return None
    wanted = {part.strip() for part in only.split(",") if part.strip()}
    if unknown := wanted - {"yes", "near", "unknown", "no"}:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: use yes, near, unknown")
    return wanted


def _known(enterprise: str) -> str:
    from gangshen.apps.identity.models import Organisation
    from gangshen.web.errors import Refused

    if not Organisation.objects.filter(key=enterprise).exists():
        raise Refused(f"There is no enterprise {enterprise}.", "List them with `gangshen registers list`.")
    return enterprise


def _print_json(rows: Any) -> None:
    """One array, written as it comes, so that a large register streams."""
    import json

    first = True
    for row in rows:
        typer.echo("[\n" if first else ",\n", nl=False)
        typer.echo(json.dumps(row, ensure_ascii=False), nl=False)
        first = False
    typer.echo("[]" if first else "\n]")


def _print(found: Any) -> None:
    from gangshen.apps.policies.services import because

    shapes = {"ok": "●", "near": "▲", "unk": "○", "na": "–", "bad": "◆"}
    for one in found:
        amount = "" if one.amount is None else f"{one.amount.low / 100:,.0f}-{one.amount.high / 100:,.0f} yuan"
        typer.echo(f"{shapes[one.state]} {one.decision.value:<8}{one.enterprise:<20} {one.edition.key:<24} {amount}")
        for line in because(one):
            typer.echo(f"    {line.words}")
