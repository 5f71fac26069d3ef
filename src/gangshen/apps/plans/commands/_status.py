"""``gangshen plans``: how plans, tasks and targets stand."""

from __future__ import annotations

from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None)


@app.command("status")
def status(
    plan: Annotated[str | None, typer.Option(help="Only this plan.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tasks by their light and targets by their pace, as of today (or the demo's day)."""
    import json

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.services import today
    from gangshen.apps.plans import services
    from gangshen.web.errors import Refused

    rows = services.status(today(), plan=plan)
    if plan and not rows:
        raise Refused(f"There is no plan {plan}.", "List them with `gangshen plans list`.")
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(f"\n{row['title']}{'  [草案]' if row['draft'] else ''}")
        for task in row["tasks"]:
            units = "、".join(unit["unit"] for unit in task["units"]) or "unassigned"
            typer.echo(f"  {task['light']:<4} {task['due'] or '-':<10} {task['number']:>4} {task['title']}  ({units})")
        for target in row["targets"]:
            latest = "unknown" if target["latest"] is None else f"{target['latest']:g} ({target['at']})"
            typer.echo(
                f"  {target['status']:<8} {target['deadline'] or '-':<10} {target['subject']}: {latest} → {target['value']} {target['unit']}"
                f"{_by_register(target['register'])}"
            )


def _by_register(found: dict[str, Any] | None) -> str:
    if not found:
        return ""
    if found["low"] is None:
        return f"  [register: unknown, {found['open']} firms open]"
    most = "?" if found["high"] is None else f"{found['high']:g}"
    return f"  [register: {found['low']:g}–{most}, {found['open']} firms open]"


@app.command("list")
def list_() -> None:
    """The plans, with how many tasks and targets each has."""
    from gangshen.web.boot import boot

    boot()
    from django.db.models import Count

    from gangshen.apps.plans.models import Plan

    for plan in Plan.objects.annotate(n=Count("tasks", distinct=True), m=Count("targets", distinct=True)):
        typer.echo(
            f"{plan.key:<28} {plan.n:>3} tasks {plan.m:>3} targets  {'draft ' if plan.draft else ''}{plan.title}"
        )


@app.command("tasks")
def tasks(
    plan: Annotated[str | None, typer.Option(help="Only this plan.")] = None,
    unit: Annotated[str, typer.Option(help="Only tasks of this unit, as the plan prints it.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Only overdue tasks.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tasks by their light, late ones first; drafts are listed and never late."""
    import json

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.services import today
    from gangshen.apps.plans import services

    rows = [
        {"plan": one["plan"], **task}
        for one in services.status(today(), plan=plan)
        for task in one["tasks"]
        if (not unit or any(named["unit"] == unit for named in task["units"]))
        and (not late or task["reason"] == "overdue")
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        units = "、".join(named["unit"] for named in row["units"]) or "unassigned"
        typer.echo(f"{row['light']:<4} {row['due'] or '-':<10} {row['task']:<32} {row['title']}  ({units})")
