"""``gangshen policies what-if``: move a number and see who enters, who leaves, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ._match import day_of, free

__all__ = ["what_if"]


def what_if(
    policy: Annotated[str, typer.Argument(help="The policy's key.")],
    values: Annotated[
        list[str] | None, typer.Option("--set", help="CLAUSE=VALUE, also rate=, amount=, cap.0=, tier.0=; repeatable.")
    ] = None,
    drop: Annotated[list[str] | None, typer.Option(help="Leave this clause out; repeatable.")] = None,
    add: Annotated[list[str] | None, typer.Option(help='Add "ATTRIBUTE OPERATOR VALUE"; repeatable.')] = None,
    version: Annotated[str | None, typer.Option(help="The edition to start from; default: the newest draft.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day to decide for, YYYY-MM-DD; default: today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    docx: Annotated[Path | None, typer.Option(help="Write the memo (Word) into this file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write Excel into this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Try other numbers or clauses on every enterprise: who enters, leaves, is unknown; cost against appropriation."""
    import json

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.policies import services

    day = day_of(as_of)
    for file in (docx, xlsx):
        free(file, force=force)
    changes = services.Changes(dict(map(_pair, values or ())), tuple(drop or ()), tuple(add or ()))
    found = services.studied(policy, version, changes, day)
    if docx:
        docx.write_bytes(services.what_if_memo(found))
        typer.echo(f"{docx} written", err=True)
    if xlsx:
        xlsx.write_bytes(services.what_if_workbook(found))
        typer.echo(f"{xlsx} written", err=True)
    if as_json:
        typer.echo(json.dumps(services.what_if_json(found), ensure_ascii=False, indent=1))
    elif not (docx or xlsx):
        _print(found)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip() or not value.strip():
        raise typer.BadParameter(f"{text}: write CLAUSE=VALUE")
    return key.strip(), value.strip()


def _print(found: Any) -> None:
    """The answer, then each text with who gets it and what it costs, then the flags."""
    from gangshen.apps.policies import services

    trial = found.trial
    typer.echo("; ".join(found.lines) or "nothing is moved")
    typer.echo(
        f"{trial.enters.sum()} enter, {trial.leaves.sum()} leave, {trial.after.unknown} unknown, "
        f"of {trial.ground.rows} as of {trial.ground.as_of}"
    )
    for name, one in ((trial.before.edition.version, trial.before), ("tried", trial.after)):
        cost = f"{one.low / 100:,.0f}-{one.high / 100:,.0f} yuan"
        typer.echo(f"  {name:<14} {one.yes:>6} get it  {one.unknown:>6} unknown  {cost}")
    if found.budget:
        given = found.budget.appropriated
        typer.echo(
            f"  {'appropriated':<14} {given / 100:,.0f} yuan in {found.budget.year} ({found.budget.programme.key})"
        )
    if trial.earlier:
        typer.echo(f"  {services.earlier_words(trial.earlier)}")
    shapes = {"bad": "◆", "near": "▲", "unk": "○"}
    for flag in found.flags:
        typer.echo(f"{shapes[flag.state]} {flag.words}{': ' if flag.place else ''}{flag.place}")
