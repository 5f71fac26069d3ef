"""`gangshen registers`: import and undo, look up, and the synthetic zone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gangshen.web.boot import boot

from ._imports import JSON, batch_of, date_of, import_, receipt
from ._quality import pull, quality

__all__ = ["SHORT", "app"]

app = typer.Typer(help="Records of enterprises and other subjects.", no_args_is_help=True)
app.command("import")(import_)
app.command()(receipt)


@app.command()
def undo(batch: Annotated[int, typer.Argument(help="Number of the batch.")]) -> None:
    """Hide a batch: everything is as if it had never come."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers import services

    found = batch_of(batch)
    services.undo(found, None, identity.now())
    typer.echo(f"Batch {batch} undone: {found.rows} records hidden. To redo: gangshen registers redo {batch}")


@app.command()
def redo(batch: Annotated[int, typer.Argument(help="Number of the batch.")]) -> None:
    """Show an undone batch again."""
    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers import services

    found = batch_of(batch)
    services.redo(found, None, identity.now())
    typer.echo(f"Batch {batch} shown again: {found.rows} records.")


@app.command()
def quarantine(
    batch: Annotated[int, typer.Argument(help="Number of the batch.")],
    file: Annotated[Path, typer.Argument(help="New .xlsx file.")],
) -> None:
    """Write the refused rows of an import as Excel, with reasons, to be corrected and imported again."""
    boot()
    from gangshen.apps.archive import services as archive
    from gangshen.web.errors import Refused

    kept = batch_of(batch).quarantine
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
    known = facts(organisation.key, date_of(as_of) or identity.today(), so_far=True)
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
            f"  {words.get(id_ := name.partition('@')[0]).label.zh}: {words.write(id_, fact.value)}  "
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


@app.command()
def resolve(
    names: Annotated[Path, typer.Argument(help="CSV or Excel with a column `name`.")],
    against: Annotated[
        Path | None, typer.Option(help="Full names, with a column `name` too; default: the register.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Say which enterprise each written name means, with a score and the reason; silent where it is not sure."""
    from gangshen.engines.resolution import Names

    asked = _column(names)
    if against is None:
        boot()
        from gangshen.apps.registers.services import register_names

        held = register_names()
    else:
        held = Names((name, name) for name in _column(against) if name)
    found = held.resolve(asked)
    if as_json:
        typer.echo(json.dumps([_resolved(one, with_id=against is None) for one in found], ensure_ascii=False))
        return
    for one in found:
        best = one.best
        typer.echo(f"{one.query} → {best.name if best else '?'}  {one.score:.2f}  {_reason(one)}")
    typer.echo(f"{sum(one.best is not None for one in found)} of {len(found)} resolved", err=True)


def _column(path: Path) -> list[str]:
    """The column ``name`` of a table, empty cells as empty names."""
    from gangshen.engines.formats import read_table
    from gangshen.web.errors import Refused

    if not path.is_file():
        raise Refused(f"{path}: no such file.", "Check the path.")
    table = read_table(path, required=("name",))
    if not table:
        raise Refused(f"{path}: no name under the header.", "Write one name a row under the header `name`.")
    return [row.cells["name"] or "" for row in table]


def _reason(one: Any) -> str:
    return "；".join(reason.zh for reason in one.reasons)


def _resolved(one: Any, *, with_id: bool) -> dict[str, Any]:
    best = one.best
    told = {"name": one.query, "full_name": best.name if best else None}
    if with_id:
        told["id"] = best.key if best else None
    return told | {"score": one.score, "reason": _reason(one)}


app.command()(pull)
app.command()(quality)


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

    day = date_of(as_of) or identity.today()
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
