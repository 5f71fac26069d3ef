"""``gangshen ladder``: who holds which title, who is nearly there, coaching lists."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gangshen.web.boot import boot

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
XLSX = Annotated[Path | None, typer.Option("--xlsx", help="Write an Excel file.")]
AS_OF = Annotated[str, typer.Option(help="Day, not after today; default: today.")]


def _day(text: str) -> dt.date:
    from gangshen.apps.identity.services import today

    try:
        day = dt.date.fromisoformat(text) if text else today()
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-03-01") from None
    if day > today():
        raise typer.BadParameter(f"{text} has not come; give today or an earlier day")
    return day


def _write(path: Path, data: bytes) -> None:
    from gangshen.web.errors import Refused

    if path.exists():
        raise Refused(f"{path} is there already.", "Give another name.")
    path.write_bytes(data)
    typer.echo(str(path))


@app.command()
def status(as_of: AS_OF = "", as_json: JSON = False, xlsx: XLSX = None) -> None:
    """Distinct firms by rung, by title and by tally, each counted once."""
    boot()
    from . import services

    survey = services.survey(_day(as_of))
    found = services.counts(survey)
    if xlsx is not None:
        return _write(xlsx, services.workbook(survey, None))
    if as_json:
        typer.echo(json.dumps([services.count_row(one) for one in found], ensure_ascii=False, indent=1))
        return None
    for one in found:
        open_ = f"  ({len(one.open)} open)" if one.open else ""
        typer.echo(f"{one.kind:<6} {one.value:>6}  {one.label.zh}{open_}")
    typer.echo(f"as of {survey.as_of}; ready {len(survey.ready)}, ending in 180 days {len(survey.ending)}")
    return None


@app.command()
def firms(
    firm: Annotated[str, typer.Option(help="Key or code of one enterprise.")] = "",
    near: Annotated[bool, typer.Option("--near", help="Only those that meet or nearly meet the next rung.")] = False,
    ending: Annotated[bool, typer.Option("--ending", help="Only those with a title ending in 180 days.")] = False,
    as_of: AS_OF = "",
    as_json: JSON = False,
    xlsx: XLSX = None,
) -> None:
    """Firms with their titles, the next one and what is missing."""
    boot()
    from gangshen.apps.identity import services as identity

    from . import services

    day = _day(as_of)
    survey = services.survey(day)
    if firm:
        row = services.firm_row(identity.organisation(firm).key, day)
        typer.echo(json.dumps(row, ensure_ascii=False, indent=1))
        return
    if xlsx is not None:
        _write(xlsx, services.workbook(survey, None))
        return
    ends = {row.firm for row, _held in survey.ending}
    chosen = survey.nearly if near else list(survey.rows.values())
    rows = [_row(survey, row) for row in chosen if not ending or row.firm in ends]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in rows:
        typer.echo(
            f"{one['firm']}  rung {one['rung']}  {one['decision'] or '-':<8} {one['next'] or '-':<16} {one['name']}"
        )


def _row(survey: Any, row: Any) -> dict[str, Any]:
    return {
        "firm": row.firm,
        "name": row.name,
        "rung": row.holding.rung,
        "titles": [one.title for one in row.holding.valid],
        "ending": [{"title": one.title, "to": str(one.ends)} for one in row.holding.ending],
        "lost": [one.title for one in row.holding.lost],
        "next": row.goal,
        "decision": row.decision.value if row.decision else None,
        "distance": row.distance,
        "synthetic": row.synthetic,
    }


@app.command()
def count() -> None:
    """Write today's counts to their series; the same register gives the same figures."""
    boot()
    from gangshen.apps.identity import services as identity

    from . import services

    written = services.write_counts(services.survey(identity.today()), now=identity.now(), actor=None)
    for key, value in written.items():
        typer.echo(f"{key}  {value}")


@app.command()
def coach(
    title: Annotated[str, typer.Argument(help="Id of the title to reach; left out: the lists there are.")] = "",
    firm: Annotated[
        list[str] | None, typer.Option(help="Key of a firm, several times; default: all nearly there.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the list.")] = "",
    user: Annotated[str, typer.Option(help="Log-in name of who makes it.")] = "",
    as_json: JSON = False,
    xlsx: XLSX = None,
) -> None:
    """Make a coaching list for a title, or show the lists; each firm becomes a case of its account manager."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.identity.models import User
    from gangshen.web.errors import Refused

    from . import services
    from .models import CoachingList

    if not title:
        lists = CoachingList.objects.select_related("title")
        if not lists:
            typer.echo("No coaching list yet. Make one: gangshen ladder coach TITLE --user NAME", err=True)
        for one in lists:
            typer.echo(f"{one.as_of}  {one.key}  {one.name}  {one.firms.count()} firms")
        return
    who = User.objects.filter(username=user).first()
    if who is None:
        raise Refused(f"There is no user {user!r}.", "Say who makes the list: --user NAME.")
    survey = services.survey(identity.today())
    keys = firm or [row.firm for row in survey.nearly if row.goal == title][:60]
    made = services.coach(survey, title, keys, name=name, actor=who, now=identity.now())
    if xlsx is not None:
        _write(xlsx, services.coaching_workbook(made))
    rows = [{"firm": row.firm.key, "name": row.firm.name, "missing": row.missing, "case": row.case_id} for row in made.firms.select_related("firm")]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"list": made.key, "firms": rows}, ensure_ascii=False, indent=1))
    else:
        typer.echo(f"{made.key}: {len(rows)} firms")


@app.command("import")
def import_list(
    title: Annotated[str, typer.Argument(help="Id of the title, such as little-giant.")],
    file: Annotated[Path, typer.Argument(help="CSV or Excel with 企业名称 or 统一社会信用代码.")],
    batch: Annotated[str, typer.Option(help="Batch of the list, where its rows do not say it.")] = "",
    begins: Annotated[str, typer.Option("--from", help="First day of the certificates.")] = "",
    ends: Annotated[str, typer.Option("--to", help="Last day of the certificates.")] = "",
    withdrawn_on: Annotated[str, typer.Option(help="The list withdraws the title from this day on.")] = "",
    source: Annotated[str, typer.Option(help="Key of the source that says it.")] = "upload",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do and write nothing.")] = False,
    as_json: JSON = False,
) -> None:
    """Import an official list of a title: holders with batch and validity, or those it is withdrawn from."""
    boot()
    from gangshen.apps.identity import services as identity

    from . import services

    said = services.Listed(title, source, batch, _any_day(begins), _any_day(ends), _any_day(withdrawn_on))
    taken = services.take_list(file, said, actor=None, now=identity.now(), as_of=identity.today(), dry=dry_run)
    doubtful = [
        {"row": line, "name": name, "may_mean": [one.key for one in found]} for line, name, found in taken.doubtful
    ]
    if as_json:
        found = {"batch": taken.batch, "firms": taken.firms, "elsewhere": taken.elsewhere, "doubtful": doubtful, "not_held": taken.not_held}  # fmt: skip
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    typer.echo(
        f"{len(taken.firms)} firms of the register, {taken.elsewhere} rows of others, {len(doubtful)} not sure, {len(taken.not_held)} held none"
    )
    for one in doubtful:
        typer.echo(f"  row {one['row']}: {one['name']} — {', '.join(one['may_mean'])}")
    if taken.batch:
        typer.echo(f"To undo: gangshen registers undo {taken.batch}")


def _any_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-03-01") from None
