"""`gangshen registers`: import and undo, look up, and the synthetic zone."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gangshen.web.boot import boot

__all__ = ["SHORT", "app"]

app = typer.Typer(help="Records of enterprises and other subjects.", no_args_is_help=True)
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="Register: enterprises, projects, parcels, devices.")],
    file: Annotated[Path, typer.Argument(help="CSV or Excel, gzipped or not.")],
    source: Annotated[str, typer.Option(help="Key of the source that says it.")] = "upload",
    purpose: Annotated[str, typer.Option(help="What the data are for; default: the source's.")] = "",
    grade: Annotated[str, typer.Option(help="Grade of the data; default: the source's.")] = "",
    maps: Annotated[
        list[str] | None, typer.Option("--map", help="HEADER=attribute[:unit]; HEADER=- leaves it out.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="Date the file speaks of; default: today.")] = "",
    period: Annotated[str, typer.Option(help="Period of its figures: 2025, 2025Q3, 2025-09.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of the workbook; default: the first.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Import without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do and write nothing.")] = False,
    as_json: JSON = False,
) -> None:
    """Import a table as one batch: mapping, counts, refused rows; undone by one step."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers.services import importing, source_named
    from gangshen.apps.runs.commands import bar
    from gangshen.web.errors import Refused

    if not file.is_file():
        raise Refused(f"{file}: no such file.", "Check the path.")
    data, day = file.read_bytes(), _date(as_of)
    given = importing.parse_given(maps or [])
    entity, spoken_by = importing.entity_named(kind), source_named(source)
    if dry_run or not yes:
        table = importing.open_table(data, file.name, sheet or None)
        found = importing.examine(table, entity, spoken_by, given, today=identity.today(), as_of=day, period=period)
        _show(found, as_json)
        if dry_run:
            raise typer.Exit(1 if found.questions else 0)
        if found.questions or not sys.stdin.isatty() or not typer.confirm("Import?", err=True):
            raise Refused("Nothing was imported.", "Answer the questions with --map, and confirm with --yes.")
    with bar(file.name) as watch:
        run = importing.import_file(
            data,
            file.name,
            kind=kind,
            actor=None,
            now=identity.now(),
            source=source,
            given=given,
            purpose=purpose,
            grade=grade,
            as_of=day,
            period=period,
            sheet=sheet,
            inline=True,
            watch=watch,
        )
    _receipt(run.result, as_json)


def _date(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-03-01") from None


def _show(found: Any, as_json: bool) -> None:
    if as_json:
        columns = [
            {"header": c.header, "attribute": c.target, "unit": c.unit, "from": c.origin.value} for c in found.columns
        ]
        faults = [{"row": one.line, "field": one.field, "message": one.message.zh} for one in found.parsed.refused]
        asked = [one.header for one in found.questions]
        typer.echo(
            json.dumps({"columns": columns, "ask_unit": asked, **found.counts(), "faults": faults}, ensure_ascii=False)
        )
        return
    for column in found.columns:
        target = f"{column.target}{f' ({column.unit})' if column.unit else ''}" or "— left out"
        typer.echo(f"  {column.header} → {target}  [{column.origin.value}]{'  unit?' if column.ask else ''}")
    typer.echo("  ".join(f"{name} {count}" for name, count in found.counts().items()))
    for one in found.parsed.refused[:50]:
        typer.echo(str(one))
    if len(found.parsed.refused) > 50:
        typer.echo(f"… and {len(found.parsed.refused) - 50} more")


def _receipt(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    typer.echo(
        f"Batch {result['batch']} of {result['source']}: {result['imported']} rows "
        f"({result['new']} new, {result['changed']} changed, {result['unchanged']} unchanged), {result['refused']} refused."
    )
    typer.echo(f"File {result['file']['name']} sha256 {result['file']['sha256']}; records sha256 {result['digest']}.")
    if result["left_out"]:
        typer.echo(f"Columns left out: {', '.join(result['left_out'])}.")
    if result["quarantine"]:
        typer.echo(f"Refused rows: gangshen registers quarantine {result['batch']} FILE.xlsx")
    typer.echo(f"To undo: gangshen registers undo {result['batch']}")


def _batch(number: int) -> Any:
    from gangshen.apps.registers.models import Batch
    from gangshen.web.errors import Refused

    found = Batch.objects.select_related("source").filter(pk=number).first()
    if found is None:
        raise Refused(f"There is no batch {number}.", "List them: gangshen registers batches.")
    return found


@app.command()
def undo(batch: Annotated[int, typer.Argument(help="Number of the batch.")]) -> None:
    """Hide a batch: everything is as if it had never come."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers import services

    found = _batch(batch)
    services.undo(found, None, identity.now())
    typer.echo(f"Batch {batch} undone: {found.rows} rows hidden. To redo: gangshen registers redo {batch}")


@app.command()
def redo(batch: Annotated[int, typer.Argument(help="Number of the batch.")]) -> None:
    """Show an undone batch again."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers import services

    found = _batch(batch)
    services.redo(found, None, identity.now())
    typer.echo(f"Batch {batch} shown again: {found.rows} rows.")


@app.command()
def quarantine(
    batch: Annotated[int, typer.Argument(help="Number of the batch.")],
    file: Annotated[Path, typer.Argument(help="New .xlsx file.")],
) -> None:
    """Write the refused rows of an import as Excel, with reasons, to be corrected and imported again."""
    boot()
    from gangshen.apps.archive import services as archive
    from gangshen.web.errors import Refused

    kept = _batch(batch).quarantine
    if kept is None:
        raise Refused(f"Batch {batch} refused nothing.")
    if file.exists():
        raise Refused(f"{file} exists.", "Choose another name.")
    file.write_bytes(archive.read(kept))
    typer.echo(f"{file} written.")


@app.command()
def batches(limit: Annotated[int, typer.Option(help="How many, latest first.")] = 20) -> None:
    """Imports: number, state, rows, source."""
    boot()
    from gangshen.apps.registers.models import Batch

    for one in Batch.objects.select_related("source", "file")[:limit]:
        name = one.file.name if one.file else ""
        typer.echo(
            f"{one.pk:>6}  {one.state:<7} {one.rows:>8}  {one.created_at:%Y-%m-%d %H:%M}  {one.source.key}  {name}"
        )


@app.command("list")
def list_(
    words: Annotated[str, typer.Argument(help="Words in the name or code.")] = "",
    limit: Annotated[int, typer.Option(help="How many.")] = 50,
    as_json: JSON = False,
) -> None:
    """Enterprises of the register."""
    boot()
    import polars as pl

    from gangshen.apps.registers.services import snapshot

    frame = snapshot().frame
    for word in words.split():
        anywhere = [pl.col(name).str.contains(word, literal=True) for name in ("id", "name", "uscc")]
        frame = frame.filter(pl.any_horizontal(anywhere))
    shown = frame.select("id", "uscc", "name", "registered_division", "synthetic").head(limit)
    if as_json:
        typer.echo(json.dumps(shown.to_dicts(), ensure_ascii=False))
        return
    for row in shown.iter_rows(named=True):
        typer.echo(f"{row['id']}  {row['name'] or '?'}{'  [合成 synthetic]' if row['synthetic'] else ''}")
    typer.echo(f"{frame.height} in all" if frame.height <= limit else f"{limit} of {frame.height}", err=True)


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="Key or code of the enterprise.")],
    as_of: Annotated[str, typer.Option(help="As known for that date; default: today.")] = "",
    as_json: JSON = False,
) -> None:
    """What is known of one enterprise, each with source and date."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers.services import facts, vocabulary

    organisation, words = identity.organisation(key), vocabulary()
    known = facts(organisation.key, _date(as_of) or identity.today())
    if as_json:
        said = {
            name: {
                "value": fact.value,
                "record": fact.record_id,
                "source": fact.source,
                "as_of": fact.as_of,
                "period": fact.period,
                "stale": fact.stale,
                "conflict": fact.conflict,
                "synthetic": fact.synthetic,
            }
            for name, fact in known.items()
        }
        typer.echo(
            json.dumps(
                {"key": organisation.key, "name": organisation.name, "facts": said}, ensure_ascii=False, default=str
            )
        )
        return
    typer.echo(f"{organisation.name} ({organisation.key})")
    for name, fact in known.items():
        signs = "".join(
            sign
            for sign, on in ((" stale", fact.stale), (" conflict", fact.conflict), (" synthetic", fact.synthetic))
            if on
        )
        typer.echo(
            f"  {words.get(name).label.zh}: {words.write(name, fact.value)}  "
            f"[{fact.source or 'derived'} {fact.period or fact.as_of}{signs}]"
        )


@app.command()
def history(
    key: Annotated[str, typer.Argument(help="Key or code of the enterprise.")],
    attribute: Annotated[str, typer.Argument(help="Attribute id.")],
) -> None:
    """Every statement on one attribute, the latest said first; * marks what is believed."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers import services

    organisation, words = identity.organisation(key), services.vocabulary()
    words.get(attribute)
    for one in services.history(organisation.key, attribute, identity.today()):
        typer.echo(
            f"{'*' if one.believed else ' '} {one.as_of}  {one.period:<8} {words.write(attribute, one.value)}  "
            f"{one.source_name}  record {one.record_id} batch {one.batch}{'  contradicts' if one.contradicts else ''}"
        )


@app.command()
def words(search: Annotated[str, typer.Argument(help="Part of an id, label or synonym.")] = "") -> None:
    """The vocabulary: id, label, type and unit of each attribute."""
    boot()
    from gangshen.apps.registers.services import vocabulary

    for one in vocabulary():
        if search in " ".join((one.id, one.label.zh, one.label.en or "", *one.synonyms)):
            typer.echo(
                f"{one.id:<28} {one.label.zh}  {one.type.value}{f' ({one.unit})' if one.unit else ''}  {one.access.value}"
            )


def synth(
    count: Annotated[int, typer.Option(min=1, help="How many enterprises.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same enterprises.")] = 1,
    as_of: Annotated[str, typer.Option(help="The day it is in the made-up zone; default: today.")] = "",
    years: Annotated[int, typer.Option(min=1, max=10, help="Closed years of figures.")] = 2,
    months: Annotated[int, typer.Option(min=0, max=24, help="Months of output.")] = 3,
    out: Annotated[Path | None, typer.Option(help="Write registers and sources into this zone folder.")] = None,
    load: Annotated[bool, typer.Option("--load", help="Put them into the database.")] = False,
) -> None:
    """Make up enterprises, marked synthetic wherever they are shown: into a zone folder, or into the database."""
    if (out is None) != load:
        raise typer.BadParameter("Say where: --out DIR or --load.")
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers.services import synthetic

    day = _date(as_of) or identity.today()
    if out is not None:
        files = synthetic.write(out, count, seed=seed, as_of=day, years=years, months=months)
        typer.echo(f"{count} enterprises in {files} files of {out}.")
        return
    records = synthetic.load(count, seed=seed, as_of=day, years=years, months=months, now=identity.now(), tell=_tell)
    typer.echo(f"{count} enterprises, {records} records.")


def _tell(words: str) -> None:
    if sys.stderr.isatty():
        typer.echo(words, err=True)


SHORT: dict[str, Any] = {"synth": synth}
