"""``gangshen policies``: who gets what, and are the policy files sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None)


@app.command("match")
def match(
    enterprise: Annotated[str | None, typer.Option(help="Only this enterprise (its key).")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day to decide for, YYYY-MM-DD; default: today.")] = None,
    only: Annotated[str | None, typer.Option(help="yes, near, unknown; several with commas.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write Excel into this file.")] = None,
) -> None:
    """Match enterprises with the policies in force: decision, clauses, amount, nearest change, questions."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.policies import services

    day = _day(as_of)
    wanted = _wanted(only)
    found = services.matches(_known(enterprise), day) if enterprise else services.all_matches(day)
    kept = (one for one in found if wanted is None or one.decision.value in wanted or ("near" in wanted and one.near))
    if xlsx:
        xlsx.write_bytes(services.match_workbook(list(kept), day))
        typer.echo(f"{xlsx} written", err=True)
    elif as_json:
        _print_json(services.as_row(one) for one in kept)
    else:
        _print(kept)


def _day(text: str | None) -> Any:
    import datetime as dt

    from gangshen.apps.identity.services import today

    if text is None:
        return today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no date; write YYYY-MM-DD") from None


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
    shapes = {"yes": "●", "unknown": "○", "no": "◆"}
    for one in found:
        amount = "" if one.amount is None else f"{one.amount.low / 100:,.0f}-{one.amount.high / 100:,.0f} yuan"
        shape = "▲" if one.near else shapes[one.decision.value]
        typer.echo(f"{shape} {one.decision.value:<8}{one.enterprise:<20} {one.edition.key:<24} {amount}")


@app.command("check")
def check(
    paths: Annotated[list[Path], typer.Argument(help="Policy files, or a zone folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check policy files: faults of rules and benefits, quotes that don't stand, golden cases that fail."""
    import json

    from gangshen.engines.benefits import check_policy, load_policies, run_cases
    from gangshen.engines.vocabulary import Vocabulary

    files = [
        file for path in paths for file in (sorted((path / "policies").glob("*.yaml")) if path.is_dir() else [path])
    ]
    if not files:
        typer.echo("No policy file there.", err=True)
        raise typer.Exit(1)
    words = Vocabulary.load_builtin()
    rows = []
    for policy in load_policies(files):
        problems = check_policy(policy, words)
        results = run_cases(policy, words)
        failed = [result for result in results if not result.passed]
        rows.append(
            {
                "policy": policy.id,
                "problems": [str(problem) for problem in problems],
                "cases": len(results),
                "failed": [{"case": r.case, "differences": [str(d) for d in r.differences]} for r in failed],
            }
        )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            typer.echo(
                f"{row['policy']:<28} {row['cases']} cases, {len(row['failed'])} failed, {len(row['problems'])} remarks"
            )
            for problem in row["problems"]:
                typer.echo(f"    {problem}")
            for fail in row["failed"]:
                typer.echo(f"    {fail['case']}: {'; '.join(fail['differences'])}")
    if any(row["failed"] for row in rows):
        raise typer.Exit(1)


@app.command("list")
def list_() -> None:
    """The policies with the edition that applies today."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.services import today
    from gangshen.apps.policies import services
    from gangshen.apps.policies.models import Policy

    applying = {edition.key: edition.version.version for edition in services.editions_in_force(today())}
    for policy in Policy.objects.all():
        typer.echo(f"{policy.key:<28} {applying.get(policy.key, '-'):<10} {policy.title}")


@app.command("show")
def show(key: Annotated[str, typer.Argument(help="The policy's key.")]) -> None:
    """The policy file of one policy."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.policies import services
    from gangshen.apps.policies.models import Policy
    from gangshen.web.errors import Refused

    policy = Policy.objects.filter(key=key).first()
    if policy is None:
        raise Refused(f"There is no policy {key}.", "List them with `gangshen policies list`.")
    typer.echo(services.file_of(policy), nl=False)
