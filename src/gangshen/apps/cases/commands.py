"""`gangshen cases`: what waits for someone."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated

import typer

from gangshen.web.boot import boot

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_cases(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those past their deadline.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Open cases by deadline."""
    boot()
    from gangshen.apps.identity import services as identity

    from . import services
    from .models import Case

    today, days = identity.today(), services.calendar()
    rows = Case.objects.select_related("unit", "owner").order_by("due", "pk")
    rows = rows if every else rows.exclude(state=Case.State.CLOSED)
    rows = rows.filter(due__lt=today).exclude(state=Case.State.CLOSED) if overdue else rows
    found = [(case, services.clock(case, today, days=days)) for case in rows]
    if as_json:
        fields = ("pk", "type", "key", "title", "about", "state")
        shown = [
            {name: getattr(case, name) for name in fields}
            | {
                "unit": case.unit.key if case.unit else None,
                "owner": case.owner.username if case.owner else None,
                "due": case.due.isoformat() if case.due else None,
                "workdays_left": clock.workdays_left,
                "clock": clock.state,
            }
            for case, clock in found
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for case, clock in found:
        left = "" if clock.workdays_left is None else f"{clock.workdays_left:+d}"
        who = str(case.owner or case.unit or "-")
        typer.echo(
            f"{case.pk:>6}  {clock.state:<8}{left:>4}  {case.due or '-'!s:<10}  {case.state:<9}{case.title}  ({who})"
        )


@app.command()
def show(number: Annotated[int, typer.Argument(help="Number of the case.")]) -> None:
    """One case with its history."""
    boot()
    from django.utils import timezone

    from . import services

    case = services.case(number)
    typer.echo(
        f"{case.pk}  {case.title}\n{case.type}  {case.state}  due {case.due or '-'}  {case.owner or case.unit or '-'}"
    )
    for ref in dict.fromkeys([case.about, *case.evidence]):
        typer.echo(f"  {ref}")
    for event in case.events.select_related("actor"):
        at = f"{timezone.localtime(event.at):%Y-%m-%d %H:%M}"
        typer.echo(f"  {at}  {event.kind:<11} {event.actor or 'the system'}  {event.text}")


@app.command("open")
def open_case(
    title: Annotated[str, typer.Argument(help="The matter, in one line.")],
    about: Annotated[str, typer.Option(help="Reference of what it is about, such as task:KEY.")],
    kind: Annotated[str, typer.Option("--type", help="Case type.")] = "instruction",
    unit: Annotated[str, typer.Option(help="Key of the unit that shall do it.")] = "",
    due: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: the type's workdays.")] = None,
    text: Annotated[str, typer.Option(help="What is asked.")] = "",
) -> None:
    """Open a case in the system's name; the open one of the same matter is given back."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.web.errors import Refused

    from . import services

    if kind not in services.CASE_TYPES:
        known = ", ".join(key for key, _type in services.CASE_TYPES.items())
        raise Refused(f"There is no case type {kind}.", f"Types are: {known}.")
    case = services.open_case(
        kind,
        f"{kind}/{about}/{title}"[:200],
        title=title,
        about=about,
        unit=identity.organisation(unit) if unit else None,
        instruction=text,
        due=due.date() if due else None,
        actor=None,
        now=identity.now(),
    )
    typer.echo(f"case {case.pk}, due {case.due or '-'}")
