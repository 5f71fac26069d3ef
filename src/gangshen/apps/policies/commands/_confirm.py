"""``gangshen policies confirm-list``: who is entitled without an application, asked before anything is granted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._match import day_of, free

__all__ = ["confirm_list"]


def confirm_list(
    policy: Annotated[str, typer.Argument(help="The policy's key.")],
    as_of: Annotated[str | None, typer.Option(help="The day to decide for, YYYY-MM-DD; default: today.")] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Open a case for each account manager; only once a firm.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write Excel into this file.")] = None,
    docx: Annotated[Path | None, typer.Option(help="Write Word into this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """List the firms entitled to a policy that needs no application: new ones marked, why, how much. Nothing is paid."""
    import json

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.services import now
    from gangshen.apps.policies import services
    from gangshen.apps.policies.models import Policy
    from gangshen.apps.registers import services as registers
    from gangshen.web.errors import Refused

    day = day_of(as_of)
    for file in (xlsx, docx):
        free(file, force=force)
    one = Policy.objects.filter(key=policy).first()
    if one is None:
        raise Refused(f"There is no policy {policy}.", "List them with `gangshen policies list`.")
    made = services.confirm_list(one, day, actor=None, now=now())
    readable = registers.attributes()  # who may run the command reads the database itself
    if send:
        sent = services.send_list(made, actor=None, now=now())
        typer.echo(f"{sent.cases} cases opened for {sent.firms} firms, {sent.already} asked before", err=True)
    for path, write in ((xlsx, services.confirm_workbook), (docx, services.confirm_paper)):
        if path:
            path.write_bytes(write(made, readable))
            typer.echo(f"{path} written", err=True)
    told = services.confirm_json(made, readable)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for firm in told["firms"]:
        fen = firm["amount_fen"]
        told = "; ".join(each["words"] for each in firm["because"])
        amount = "-" if fen is None else f"{fen['low'] / 100:,.0f}-{fen['high'] / 100:,.0f} yuan"
        typer.echo(
            f"{'new' if firm['new'] else '':<4}{firm['enterprise']:<20} {amount:<24} {firm['answer']:<10} {firm['why'] or told}"
        )
    typer.echo(f"list {made.pk}: {len(told['firms'])} firms; nothing is paid by it", err=True)
