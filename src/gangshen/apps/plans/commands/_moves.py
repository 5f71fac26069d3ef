"""What a unit reports and the office does about a task, in somebody's name and with that person's rights."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from ._status import app

__all__: list[str] = []

Key = Annotated[str, typer.Argument(help="Key of the task, as `gangshen plans tasks` prints it.")]
By = Annotated[str, typer.Option("--as", help="Log-in name of who does it; that person's rights hold.")]
Proof = Annotated[Path | None, typer.Option("--file", help="The proof.", exists=True, dir_okay=False)]
DAY = ["%Y-%m-%d"]


def _begin(key: str, by: str) -> tuple[Any, dict[str, Any]]:
    """The task, as far as ``by`` may see it, and who does it when."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.plans.models import Task
    from gangshen.web.errors import Refused

    actor = identity.acting(by)
    task = Task.objects.for_user(actor).select_related("plan").filter(key=key).first()
    if task is None:
        raise Refused(f"{by} sees no task {key}.", "List the tasks: gangshen plans tasks.")
    return task, {"actor": actor, "now": identity.now()}


def _kept(file: Path | None, how: dict[str, Any]) -> Any:
    from gangshen.apps.archive import services as archive

    return archive.store(file.read_bytes(), file.name, **how) if file else None


def _figures(given: list[str], at: dt.datetime | None) -> dict[str, Any]:
    from decimal import Decimal, InvalidOperation

    from gangshen.apps.identity.services import today
    from gangshen.web.errors import Refused

    day = at.date() if at else today()
    figures = {}
    for one in given:
        target, _sign, value = one.partition("=")
        try:
            figures[target.strip()] = (Decimal(value.strip().replace(",", "")), day)
        except InvalidOperation:
            raise Refused(f"{one}: no figure.", "Write TARGET=VALUE, the value in the target's unit.") from None
        if not figures[target.strip()][0].is_finite():
            raise Refused(f"{one}: no figure.", "Write TARGET=VALUE, the value in the target's unit.")
    return figures


@app.command("report")
def report(
    key: Key,
    text: Annotated[str, typer.Argument(help="What was done, in two sentences.")],
    by: By,
    figure: Annotated[list[str] | None, typer.Option(help="TARGET=VALUE, in the target's unit; several times.")] = None,
    at: Annotated[dt.datetime | None, typer.Option(formats=DAY, help="Date of the figures; default: today.")] = None,
    file: Proof = None,
    confirmed: Annotated[bool, typer.Option("--confirm", help="Figures that jump are right.")] = False,
) -> None:
    """A unit reports on its task; figures become observations of their targets."""
    task, how = _begin(key, by)
    from django.db import transaction

    from gangshen.apps.plans import services

    with transaction.atomic():
        figures, proof = _figures(figure or [], at), _kept(file, how)
        made = services.report(task, text, figures=figures, file=proof, confirmed=confirmed, **how)
    typer.echo(services.report_ref(made))


@app.command("accept")
def accept(key: Key, by: By) -> None:
    """Take note of the last report; the task goes on."""
    task, how = _begin(key, by)
    from gangshen.apps.plans import services

    services.accept_report(services.waiting_report(task), **how)
    typer.echo(f"{task.key}: noted")


@app.command("return")
def return_(key: Key, reason: Annotated[str, typer.Argument(help="What is missing.")], by: By) -> None:
    """Send the last report back with what is missing."""
    task, how = _begin(key, by)
    from gangshen.apps.plans import services

    services.return_report(services.waiting_report(task), reason, **how)
    typer.echo(f"{task.key}: returned")


@app.command("close")
def close(
    key: Key, receipt: Annotated[str, typer.Argument(help="What proves it.")], by: By, file: Proof = None
) -> None:
    """Close a task out on its receipt; never by one who reported on it."""
    task, how = _begin(key, by)
    from django.db import transaction

    from gangshen.apps.plans import services

    with transaction.atomic():
        services.close_out(task, receipt, file=_kept(file, how), **how)
    typer.echo(f"{task.key}: closed")


@app.command("extend")
def extend(
    key: Key,
    due: Annotated[dt.datetime, typer.Argument(formats=DAY, help="The new date.")],
    reason: Annotated[str, typer.Argument(help="Why the date moves.")],
    by: By,
) -> None:
    """Move a task's date later, with a reason; the former date stays in its history."""
    task, how = _begin(key, by)
    from gangshen.apps.plans import services

    services.extend(task, due.date(), reason, **how)
    typer.echo(f"{task.key}: due {task.due}")


@app.command("assign")
def assign(key: Key, unit: Annotated[str, typer.Argument(help="Key of the unit.")], by: By) -> None:
    """Give a task a unit that its text does not name."""
    task, how = _begin(key, by)
    from gangshen.apps.identity import services as identity
    from gangshen.apps.plans import services

    made = services.assign(task, identity.organisation(unit), **how)
    typer.echo(f"{task.key}: {made.printed}")


@app.command("follow-up")
def follow_up(key: Key, instruction: Annotated[str, typer.Argument(help="What is asked.")], by: By) -> None:
    """Ask the lead unit about a task: a case with a clock of two workdays."""
    task, how = _begin(key, by)
    from gangshen.apps.plans import services

    case = services.follow_up(task, instruction, **how)
    typer.echo(f"case {case.pk}, due {case.due or '-'}")
