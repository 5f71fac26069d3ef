"""``gangshen archive``: check and seal what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer()


@app.command("verify")
def verify(
    expect: Annotated[str, typer.Option(help="A digest noted earlier; it must still be in the chain of seals.")] = "",
) -> None:
    """Check every kept file against its digest and every seal of the audit trail against its entries."""
    from gangshen.web.boot import boot

    boot()
    from django.utils.translation import override

    from gangshen.apps.archive import services
    from gangshen.apps.archive.models import File, Seal

    with override("en"):
        problems = [*services.verify_files(), *services.verify_seals(expect)]
    for problem in problems:
        typer.echo(problem)
    newest = Seal.objects.last()
    typer.echo(f"{File.objects.count()} files, {Seal.objects.count()} seals, {len(problems)} problems", err=True)
    if newest:
        typer.echo(f"digest {newest.digest} of {newest.hour:%Y-%m-%d %H}:00 UTC", err=True)
    if problems:
        raise typer.Exit(1)


@app.command("seal")
def seal() -> None:
    """Seal the hours of the audit trail that are over; the clock does it by itself every hour."""
    from gangshen.web.boot import boot

    boot()
    from django.utils import timezone

    from gangshen.apps.archive import services

    done = services.seal(timezone.now())
    typer.echo(f"{done.seals} hours, {done.entries} entries sealed; digest {done.digest or '-'}")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="The file to write, .zip.")],
    since: Annotated[str, typer.Option(help="First day, as 2026-03-01.")] = "",
    until: Annotated[str, typer.Option(help="Last day.")] = "",
    subject: Annotated[str, typer.Option(help="Key of a firm: only entries about it.")] = "",
    ref: Annotated[str, typer.Option(help="Reference of a decision: its chain of evidence with the files.")] = "",
) -> None:
    """Write a file of evidence: entries, seals and, for a decision, what it rests on, with a signed list of digests."""
    from gangshen.web.boot import boot

    boot()
    import datetime as dt

    from django.utils import timezone

    from gangshen.apps.archive import services
    from gangshen.web.errors import Refused

    if file.exists():
        raise Refused(f"{file} is there already.", "Name a new file.")
    try:
        days = [dt.date.fromisoformat(day) if day else None for day in (since, until)]
    except ValueError as error:
        raise Refused(f"{error}.", "Write days as 2026-03-01.") from error
    entries = services.search_entries(since=days[0], until=days[1], subject=subject)
    made = services.evidence_archive(entries, ref=ref or None, actor=None, now=timezone.now())
    file.write_bytes(made)
    typer.echo(f"{file}: {len(made) / 1e6:.1f} MB", err=True)


@app.command("check")
def check(file: Annotated[Path, typer.Argument(help="A file of evidence.")]) -> None:
    """Check a file of evidence: its signature and every digest in it."""
    from gangshen.web.boot import boot

    boot()
    from django.utils.translation import override

    from gangshen.apps.archive import services
    from gangshen.web.errors import Refused

    if not file.is_file():
        raise Refused(f"{file} is not there.", "Name a file that `archive export` or the audit page made.")
    with override("en"):
        problems = services.check_archive(file.read_bytes())
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{file}: {len(problems)} problems", err=True)
    if problems:
        raise typer.Exit(1)
