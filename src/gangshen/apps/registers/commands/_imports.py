"""Import of a table of any layout on the command line, and its receipt."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gangshen.web.boot import boot

__all__ = ["JSON", "batch_of", "date_of", "import_", "receipt"]

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def import_(
    kind: Annotated[str, typer.Argument(help="Register: enterprises, projects, parcels, devices.")],
    file: Annotated[Path, typer.Argument(help="CSV or Excel of any layout, gzipped or not.")],
    source: Annotated[str, typer.Option(help="Key of the source that says it.")] = "upload",
    purpose: Annotated[str, typer.Option(help="What the data are for; default: the source's.")] = "",
    grade: Annotated[str, typer.Option(help="Grade of the data: 公开, 内部, 敏感; default: the source's.")] = "",
    maps: Annotated[
        list[str] | None, typer.Option("--map", help="HEADER=attribute[:unit]; HEADER=- leaves it out.")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option(help="HEADER=万元: its unit; also says that a jump is right.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="Date the file speaks of; default: today.")] = "",
    period: Annotated[str, typer.Option(help="Period of its figures: 2025, 2025Q3, 2025-09, 2025-01/09.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of the workbook; default: the one with most known headers.")] = "",
    header_row: Annotated[str, typer.Option(help="Row of the headers, as 3, or 3-4 for several; default: found.")] = "",
    personal: Annotated[str, typer.Option(help="Columns with personal data: drop, mask or keep.")] = "drop",
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
    if file.stat().st_size > importing.LIMIT:
        raise Refused(f"{file}: {file.stat().st_size >> 20} MB, more than 200 MB.", "Split it and import the parts.")
    spoken_by = source_named(source)
    if not (purpose or spoken_by.purpose):
        raise Refused(f"The source {source} states no purpose.", "State what the data are for: --purpose WORDS.")
    asked: dict[str, Any] = {
        "source": source,
        "given": importing.parse_given(maps or []),
        "units": importing.parse_units(unit or []),
        "purpose": purpose,
        "grade": grade,
        "as_of": date_of(as_of),
        "period": period,
        "sheet": sheet,
        "header_row": header_row,
        "personal": personal,
    }
    if dry_run or not yes:
        how = importing.order(kind, **asked)
        with bar(file.name) as watch:
            found = importing.examined(how, spoken_by, file.read_bytes(), file.name, identity.today(), watch)
        _show(found, as_json, purpose or spoken_by.purpose, grade or spoken_by.grade)
        if dry_run:
            raise typer.Exit(1 if found.questions else 0)
        if found.questions or not sys.stdin.isatty() or not typer.confirm("Import?", err=True):
            raise Refused("Nothing was imported.", "Answer the questions with --map and --unit; confirm with --yes.")
    with bar(file.name) as watch:
        run = importing.import_file(
            file, file.name, kind=kind, actor=None, now=identity.now(), inline=True, watch=watch, **asked
        )
    _receipt(run.result, as_json)


def _show(found: Any, as_json: bool, purpose: str, grade: str) -> None:
    from gangshen.apps.registers.services import importing

    if as_json:
        typer.echo(json.dumps({"purpose": purpose, "grade": grade, **importing.summary(found)}, ensure_ascii=False))
        return
    layout, found_denied = found.table.layout, importing.summary(found, 1)["denied"]
    place = f"sheet {layout.sheet}, " if layout.sheet else ""
    place += f"headers in row {'-'.join(map(str, layout.header_lines))}"
    forms = [told[""] for told in layout.places.values()]
    if forms:
        place = f"{len(forms)} forms, one enterprise each: {', '.join(forms)}"
    typer.echo(f"{place}; purpose {purpose}; grade {grade or '—'}")
    for column in found.columns:
        target = f"{column.target}{f' ({column.unit})' if column.unit else ''}" if column.kept else "— left out"
        notes = [
            column.why.in_language("en") if column.why else "",
            column.period,
            column.personal and f"personal: {column.personal}",
            "unit?" if column.ask else "",
        ]
        notes.append(f"10^{column.jump} times the last figures: unit?" if column.jump else "")
        typer.echo(f"  {column.header} → {target}  [{column.origin.value}]  {'  '.join(filter(None, notes))}".rstrip())
    typer.echo("  ".join(f"{name} {count}" for name, count in found.counts().items()))
    for header, count in found_denied.items():
        typer.echo(f"{header}: {count} times no; nothing is kept of it, and nothing withdrawn")
    if grade in importing.GRADES and importing.GRADES.index(grade) < importing.GRADES.index(found.grade):
        typer.echo(f"grade {grade} is laxer than the columns call for: {found.grade} (--grade {found.grade})")
    if others := [one for one in layout.sheets if one != layout.sheet and one not in forms]:
        typer.echo(f"sheets not read: {', '.join(others)} (--sheet NAME)")
    for line, why in layout.skipped[:20]:
        typer.echo(f"{found.table.name}:{line}: {why.zh}")
    for one in found.same()[:20]:
        likely = "; ".join(f"{other['name']} {other['score']:.2f}" for other in one["candidates"])
        typer.echo(f"same firm? row {one['row']} {one['name']}: {likely}")
    for words in (found.parsed.refused, found.parsed.remarks):
        for fault in words[:50]:
            typer.echo(str(fault))
        if len(words) > 50:
            typer.echo(f"… and {len(words) - 50} more")


def _receipt(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    typer.echo(
        f"Batch {result['batch']} of {result['source']}: {result['rows'] - result['refused']} rows "
        f"({result['new']} new, {result['changed']} changed, {result['unchanged']} unchanged) "
        f"as {result['imported']} records, {result['refused']} refused."
    )
    typer.echo(f"Purpose: {result['purpose'] or '—'}; grade: {result['grade'] or '—'}.")
    typer.echo(f"File {result['file']['name']} sha256 {result['file']['sha256']}; records sha256 {result['digest']}.")
    read = [told[""] for told in result.get("places", {}).values()]
    if others := [one for one in result.get("sheets", ()) if one != result["sheet"] and one not in read]:
        typer.echo(
            f"Read: {', '.join(read) or 'sheet ' + result['sheet']}; not read: {', '.join(others)} (--sheet NAME)."
        )
    if result["left_out"]:
        typer.echo(f"Columns left out: {', '.join(result['left_out'])}.")
    for header, why in result.get("reasons", {}).items():
        typer.echo(f"{header}: {why}")
    for header, count in result.get("denied", {}).items():
        typer.echo(f"{header}: {count} times no; nothing is kept of it, and nothing withdrawn.")
    for one in result.get("against", ()):
        typer.echo(f"{result['file']['name']}:{one['row']}:{one['field']}: {one['message']}")
    if result["waiting"]:
        typer.echo(f"{result['waiting']} names may mean a firm: decide under /enterprises/same/.")
    if result["quarantine"]:
        typer.echo(f"Refused rows: gangshen registers quarantine {result['batch']} FILE.xlsx")
    typer.echo(f"To undo: gangshen registers undo {result['batch']}")


def receipt(
    batch: Annotated[int | None, typer.Argument(help="Number of the batch.")] = None,
    word: Annotated[Path | None, typer.Option(help="Write it as a Word file.")] = None,
    check: Annotated[Path | None, typer.Option(help="A receipt (JSON) to check instead.")] = None,
    as_json: JSON = False,
) -> None:
    """The signed receipt of an import: counts, digests, its entry in the sealed trail; or check one."""
    boot()
    from gangshen.apps.registers.services import importing
    from gangshen.web.errors import Refused

    if check is not None:
        try:
            told = json.loads(check.read_bytes())
        except (OSError, ValueError) as error:
            raise Refused(
                f"{check}: no readable receipt: {error}.", "Give the JSON that `registers receipt` wrote."
            ) from None
        if wrong := importing.check_receipt(told if isinstance(told, dict) else {}):
            raise Refused(f"{check}: {wrong}", "Ask for the receipt anew.")
        typer.echo(f"{check}: signed here and unchanged.")
        return
    if batch is None:
        raise Refused("Which batch?", "Give its number, or --check FILE.")
    found = batch_of(batch)
    told = importing.receipt(found)
    if word is not None:
        if word.exists():
            raise Refused(f"{word} exists.", "Choose another name.")
        word.write_bytes(importing.receipt_word(found))
        typer.echo(f"{word} written.")
    elif as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _receipt(told, as_json=False)
        seal = told["trail"]["seal"]
        typer.echo(f"Signed: {told['signature']['signed']} over {told['signature']['digest']}.")
        typer.echo(f"Trail: entry {told['trail']['entry']}, {f'sealed in {seal}' if seal else 'not sealed yet'}.")


def date_of(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-03-01") from None


def batch_of(number: int) -> Any:
    from gangshen.apps.registers.models import Batch
    from gangshen.web.errors import Refused

    found = Batch.objects.select_related("source").filter(pk=number).first()
    if found is None:
        raise Refused(f"There is no batch {number}.", "List them: gangshen registers batches.")
    return found
