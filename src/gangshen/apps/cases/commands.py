"""`gangshen cases`: what waits for someone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

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


Number = Annotated[int, typer.Argument(help="Number of the case.")]
By = Annotated[str, typer.Option("--as", help="Log-in name of who does it; that person's rights hold.")]
Proof = Annotated[Path | None, typer.Option("--file", help="The proof.", exists=True, dir_okay=False)]


def _move(number: int, verb: str, by: str, *said: Any, file: Path | None = None, **more: Any) -> None:
    """Do ``verb`` in the name of ``by``, whose rights hold, and print how the case stands."""
    boot()
    from django.db import transaction

    from gangshen.apps.archive import services as archive
    from gangshen.apps.identity import services as identity
    from gangshen.web.errors import Refused

    from . import services
    from .models import Case

    how: dict[str, Any] = {"actor": identity.acting(by), "now": identity.now()}
    case = Case.objects.for_user(how["actor"]).filter(pk=number).first()
    if case is None:
        raise Refused(f"{by} sees no case {number}.", "List them: gangshen cases list.")
    with transaction.atomic():
        if file is not None:
            more["file"] = archive.store(file.read_bytes(), file.name, **how)
        getattr(services, verb)(case, *said, **more, **how)
    typer.echo(f"case {case.pk}: {case.state}, {case.owner or case.unit or '-'}, due {case.due or '-'}")


@app.command()
def comment(number: Number, text: Annotated[str, typer.Argument(help="The remark.")], by: By) -> None:
    """Add a remark."""
    _move(number, "comment", by, text)


@app.command()
def wait(number: Number, reason: Annotated[str, typer.Argument(help="For whom or what.")], by: By) -> None:
    """Put a case to wait for others; its clock runs on."""
    _move(number, "wait", by, reason)


@app.command()
def report(
    number: Number, text: Annotated[str, typer.Argument(help="What was done.")], by: By, file: Proof = None
) -> None:
    """Report a case done; somebody else closes it."""
    _move(number, "report", by, text, file=file)


@app.command("return")
def return_(number: Number, reason: Annotated[str, typer.Argument(help="What is missing.")], by: By) -> None:
    """Send a report back."""
    _move(number, "return_", by, reason)


@app.command()
def close(
    number: Number, by: By, receipt: Annotated[str, typer.Argument(help="What proves it.")] = "", file: Proof = None
) -> None:
    """Close a case on its receipt, or on that of the report."""
    _move(number, "close", by, receipt, file=file)


@app.command()
def reopen(number: Number, reason: Annotated[str, typer.Argument(help="Why.")], by: By) -> None:
    """Open a closed case again."""
    _move(number, "reopen", by, reason)


@app.command()
def extend(
    number: Number,
    due: Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"], help="The new deadline.")],
    reason: Annotated[str, typer.Argument(help="Why.")],
    by: By,
) -> None:
    """Move a deadline later, for a reason."""
    _move(number, "extend", by, due.date(), reason)


@app.command("hand-over")
def hand_over(
    number: Number,
    by: By,
    to: Annotated[str, typer.Option(help="Log-in name of the person.")] = "",
    unit: Annotated[str, typer.Option(help="Or key of the unit.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Give a case to a person, or to a unit whose people then share it."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.web.errors import Refused

    if bool(to) == bool(unit):
        raise Refused("A case is handed to one person or one unit.", "Give --to or --unit, not both.")
    _move(number, "hand_over", by, identity.acting(to) if to else identity.organisation(unit), reason=reason)
