"""``gangshen policies granted-import``: what firms were granted before, from a table; undone whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["granted_import", "granted_undo"]


def granted_import(
    file: Annotated[Path, typer.Argument(help="Excel or CSV: enterprise, policy, amount, granted_on, source, ….")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
) -> None:
    """Load what firms were granted before; every fault is named with its row, and then nothing is kept."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.services import now
    from gangshen.apps.policies import services
    from gangshen.engines.formats import FormatError

    read = services.read_grants(file, file.name)
    if read.problems:
        raise FormatError(read.problems)
    said = f"{len(read.new)} lines, {read.fen / 100:,.2f} yuan; {read.known} stand in the register already"
    if dry_run:
        typer.echo(f"would add {said}")
        return
    batch = services.import_grants(file, file.name, actor=None, now=now())
    typer.echo(f"batch {batch.pk}: added {said}" if batch else f"nothing added: {said}")


def granted_undo(number: Annotated[int, typer.Argument(help="The batch.")]) -> None:
    """Take a batch of grants back whole."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.services import now
    from gangshen.apps.policies import services
    from gangshen.apps.policies.models import GrantBatch
    from gangshen.web.errors import Refused

    batch = GrantBatch.objects.filter(pk=number).first()
    if batch is None:
        raise Refused(f"There is no batch {number}.", "The batches stand under Policies, Granted so far.")
    services.undo_grants(batch, actor=None, now=now())
    typer.echo(f"batch {number} counts no more")
