"""`gangshen money`: balances, the books' check, the appropriation."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from gangshen.web.boot import boot

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_balances(
    year: Annotated[int | None, typer.Option(help="One year only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, in fen.")] = False,
) -> None:
    """Every programme's years: appropriated, available, reserved, decided, paid, returned; in yuan."""
    boot()
    from . import services

    names = services.Balance.__slots__
    held = services.balances(year)
    if as_json:
        rows = [
            {"programme": key, "year": of} | {name: getattr(balance, name) for name in names}
            for (key, of), balance in held.items()
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{'programme':<24}{'year':>5}" + "".join(f"{name:>18}" for name in names))
    for (key, of), balance in held.items():
        typer.echo(f"{key:<24}{of:>5}" + "".join(f"{getattr(balance, name) / 100:>18,.2f}" for name in names))


@app.command()
def check() -> None:
    """Recompute every balance from its entries; exit code 1 when the books don't agree."""
    boot()
    from . import services
    from .models import Transaction

    problems = services.check()
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{Transaction.objects.count()} transactions, {len(problems)} problems", err=True)
    if problems:
        raise typer.Exit(1)


@app.command()
def appropriate(
    programme: Annotated[str, typer.Argument(help="Key of the programme.")],
    year: Annotated[int, typer.Argument(help="Fiscal year.")],
    amount: Annotated[str, typer.Argument(help="With its unit, such as 5000万元.")],
    key: Annotated[str, typer.Option(help="Number of the document that grants it; posted once.")],
    evidence: Annotated[str, typer.Option(help="Reference, such as doc:ID#10-30.")] = "",
    memo: Annotated[str, typer.Option(help="What to write beside it.")] = "",
) -> None:
    """Enter (part of) a year's appropriation."""
    boot()
    from pydantic import TypeAdapter, ValidationError

    from gangshen.apps.identity import services as identity
    from gangshen.engines.evidence import Ref
    from gangshen.engines.formats import Fen
    from gangshen.web.errors import Refused

    from . import services

    try:
        fen = TypeAdapter(Fen).validate_python(amount)
    except ValidationError:
        fen = 0
    if fen <= 0:
        raise Refused(f"{amount!r} is no amount of money.", "Write it with its unit, such as 5000万元.")
    ref = str(Ref.parse(evidence)) if evidence else ""
    posted = services.appropriate(
        programme,
        year,
        fen,
        f"appropriation/{programme}/{year}/{key}",
        at=identity.now(),
        actor=None,
        memo=memo,
        evidence=ref,
    )
    left = services.balance(programme, year).available
    typer.echo(f"entry {posted.pk}; available now {left / 100:,.2f} yuan")
