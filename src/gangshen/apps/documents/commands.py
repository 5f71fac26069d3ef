"""``gangshen read`` and ``gangshen documents``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

__all__ = ["SHORT", "app"]

app = typer.Typer(rich_markup_mode=None)


@app.command("read")
def read(
    files: Annotated[list[Path], typer.Argument(help="Documents: .docx .pdf .ofd .html .txt .md")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document; a list for several files.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write STEM.json of each file into this folder.")] = None,
    as_text: Annotated[bool, typer.Option("--text", help="Print the text read, to which offsets refer.")] = False,
    workers: Annotated[int, typer.Option(help="Processes to read in; 0: one for each processor.", min=0)] = 0,
) -> None:
    """Read documents: tasks, units, targets, phases, clauses, each with its place in the text. Needs no database."""
    import json

    from gangshen.engines.reading import read_many, to_scored
    from gangshen.engines.vocabulary import Vocabulary

    targets = _targets(files, out) if out else {}
    if out:
        out.mkdir(parents=True, exist_ok=True)
    waiting: dict[int, Any] = {}  # done, but not yet its turn to be printed
    found: list[Any] = []
    failed = turn = 0
    with typer.progressbar(length=len(files), file=sys.stderr, hidden=not sys.stderr.isatty() or len(files) < 5) as bar:  # type: ignore[var-annotated]
        for result in read_many(files, vocabulary=Vocabulary.load_builtin(), workers=workers or None):
            bar.update(1)
            waiting[result.index] = result
            while turn in waiting:
                done, file = waiting.pop(turn), files[turn]
                turn += 1
                if done.error is not None:
                    failed += 1
                    typer.echo(_reason(file, done.error), err=True)
                    continue
                scored = to_scored(done.reading)
                if out:
                    body = json.dumps(scored, ensure_ascii=False, indent=1) + "\n"
                    targets[file].write_text(body, encoding="utf-8")
                elif as_text:
                    typer.echo(done.source.text)
                elif as_json:
                    found.append(scored)
                else:
                    _summary(file, scored)
    if as_json and not out and found:
        typer.echo(json.dumps(found[0] if len(files) == 1 else found, ensure_ascii=False, indent=1))
    if failed:
        raise typer.Exit(1)


def _reason(file: Path, error: Exception) -> str:
    return f"{file}: {error.strerror}. Check the path." if isinstance(error, OSError) else str(error)


SHORT = {"read": read}


def _targets(files: list[Path], out: Path) -> dict[Path, Path]:
    """Where each file's reading goes; refused before anything is read when two would meet or one is there."""
    targets = {file: out / f"{file.stem}.json" for file in files}
    taken = sorted(str(path) for path in set(targets.values()) if path.exists())
    stems = [path.name for path in targets.values()]
    twice = sorted({name for name in stems if stems.count(name) > 1})
    if taken or twice or len(targets) < len(files):
        named = ", ".join([*taken, *twice]) or "a file given twice"
        typer.echo(f"Not overwriting: {named}. Choose another --out folder or rename the files.", err=True)
        raise typer.Exit(1)
    return targets


def _summary(file: Path, scored: dict[str, Any]) -> None:
    typer.echo(f"\n{file.name}: {scored['document']['title'] or '-'}  [{scored['kind']}]")
    for task in scored["tasks"]:
        units = "、".join(task["responsible_units"]) or "unassigned"
        typer.echo(f"  task    {task['number']:>4} {task['title']}  ({units})")
    for target in scored["targets"]:
        typer.echo(
            f"  target  {target['deadline_year'] or '----'} {target['subject']}: {target['comparator']} {target['value']} {target['unit']}"
        )
    for phase in scored["phases"]:
        typer.echo(f"  phase   {phase['start_year']}-{phase['end_year']} {phase['name']}")
    for clause in scored["clauses"]:
        benefit = clause["benefit"]
        typer.echo(
            f"  clause  {benefit['kind']} rate={benefit['rate']} amount={benefit['cap_amount_yuan']}  {clause['source'][:40]}"
        )


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """The documents on file."""
    import json

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents.models import Document

    rows = list(Document.objects.values("key", "title", "status", "issuer", "issued_on"))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        return
    for row in rows:
        typer.echo(f"{row['key']:<28} {row['status']:<18} {row['issued_on'] or '-'!s:<11} {row['title']}")


@app.command("upload")
def upload(files: Annotated[list[Path], typer.Argument(help="Documents to file and read.")]) -> None:
    """File documents and read them; a bad one among them is refused alone."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents import services
    from gangshen.apps.identity.services import now
    from gangshen.apps.runs.commands import bar
    from gangshen.web.errors import Refused

    documents, failed = [], 0
    for file in files:
        try:
            documents.append(services.upload(file.read_bytes(), file.name, actor=None, now=now()))
        except (OSError, Refused) as error:
            failed += 1
            reason = f"{file}: {error.strerror}. Check the path." if isinstance(error, OSError) else str(error)
            typer.echo(reason, err=True)
    if documents:
        with bar("reading") as watch:
            services.start_reading_many(documents, actor=None, now=now(), inline=True, watch=watch)
    for document in documents:
        reading = services.current(document)
        typer.echo(f"{document.key}  {document.title}: {reading.items.count() if reading else 0} items")
    if failed:
        raise typer.Exit(1)


@app.command("show")
def show(
    key: Annotated[str, typer.Argument(help="Key of the document.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """A document on file and what was read in it, item by item."""
    import json

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents import services
    from gangshen.apps.documents.models import Document

    document = Document.objects.filter(key=key).first()
    if document is None:
        typer.echo(f"No document {key}. See `gangshen documents list`.", err=True)
        raise typer.Exit(1)
    reading = services.current(document)
    fields = ("kind", "position", "start", "end", "quote", "state", "doubts", "data", "corrected", "adopted_as")
    items = list(reading.items.values(*fields)) if reading else []
    head = {name: getattr(document, name) for name in ("key", "title", "number", "issuer", "status", "issued_on")}
    if as_json:
        body = head | {"text_hash": reading.text_hash if reading else None, "items": items}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=1, default=str))
        return
    typer.echo(f"{document.title}  [{document.status}]  {document.issuer} {document.number}".rstrip())
    for item in items:
        quote = item["quote"].replace("\n", " ")
        typer.echo(f"{item['position']:>5} {item['kind']:<14}{item['state']:<10}{quote[:60]}")
    if reading is None:
        typer.echo("Not read yet.")


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="Words to look for.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Most places to give.")] = 200,
) -> None:
    """Where words stand in the texts read, best place first: document, offsets, the words around."""
    import json
    from dataclasses import asdict

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents import services
    from gangshen.web.errors import Refused

    try:
        found = services.search(text, None, limit=limit)
    except Refused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from refusal
    if as_json:
        typer.echo(json.dumps([asdict(hit) for hit in found], ensure_ascii=False, indent=1))
        return
    for hit in found:
        typer.echo(f"{hit.document} {hit.start}-{hit.end}  {' '.join(hit.excerpt.split())}")
    if not found:
        typer.echo("Nowhere in the texts on file.")


@app.command("compare")
def compare(
    old: Annotated[str, typer.Argument(help="The older version: a file, or the key of a document (KEY@HASH).")],
    new: Annotated[str, typer.Argument(help="The newer version: a file, or a key.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    docx: Annotated[Path | None, typer.Option(help="Write the comparison sheet as Word into this file.")] = None,
) -> None:
    """What changed between two versions, clause by clause: changed numbers first. Files need no database."""
    import json

    from gangshen.engines import comparing

    if docx is not None and docx.exists():
        typer.echo(f"Not overwriting {docx}. Choose another name.", err=True)
        raise typer.Exit(1)
    before, after = _version(old), _version(new)
    found = comparing.compare(before.text, after.text)
    touched = _touched(before, found)
    if docx is not None:
        docx.write_bytes(_sheet(before, after, found, touched))
    if as_json:
        shape = comparing.to_dict(found)
        for at, change in enumerate(shape["changes"]):
            change["touches"] = [
                {"ref": str(one.owner), "title": str(one.what.title), "note": str(one.what.note)}
                for one in touched.get(at, [])
            ]
        head = {side: {"name": one.name, "title": one.title} for side, one in (("old", before), ("new", after))}
        typer.echo(json.dumps({**head, **shape}, ensure_ascii=False, indent=1))
    elif docx is None:
        _print_changes(found)


class _Version(NamedTuple):
    """A text to be compared, from a file or from the library."""

    name: str
    title: str
    text: str
    filed: Any = None


def _version(given: str) -> _Version:
    from gangshen.engines.reading import DocumentError, extract
    from gangshen.engines.reading import read as read_text

    path = Path(given)
    if path.is_file():
        try:
            source = extract(path.read_bytes(), path.name)
        except (OSError, DocumentError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        head = read_text(source).header
        title = head.title.value if head.title else path.stem
        return _Version(given, title, source.text)
    if path.suffix or "/" in given:
        typer.echo(f"{given}: no such file. Check the path, or give the key of a document.", err=True)
        raise typer.Exit(1)
    from gangshen.web.boot import boot

    boot()
    from django.http import Http404

    from gangshen.apps.documents import services
    from gangshen.web.errors import Refused

    try:
        filed = services.version(given, None)
    except Http404:
        typer.echo(f"No file and no document {given}. See `gangshen documents list`.", err=True)
        raise typer.Exit(1) from None
    except Refused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from refusal
    return _Version(given, filed.document.title, filed.text, filed)


def _touched(before: _Version, found: Any) -> dict[int, list[Any]]:
    """What rests on the changed words of a document on file; of a file nothing is known."""
    if before.filed is None:
        return {}
    from gangshen.apps.documents import services

    return services.touched(before.filed, found, None)


def _sheet(before: _Version, after: _Version, found: Any, touched: dict[int, list[Any]]) -> bytes:
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents.pages._sheets import files_word

    return files_word(before.title, after.title, found, None, touched)


def _print_changes(found: Any) -> None:
    if not found.changes:
        typer.echo("Nothing changed but blanks, line ends and numbering.")
        return
    typer.echo(", ".join(f"{n} {kind}" for kind, n in found.counts.items()) + f"; {found.same} the same")
    for change in found.changes:
        stands = change.new or change.old
        typer.echo(
            f"\n[{change.kind}{', moved' if change.moved and change.kind != 'moved' else ''}] {' › '.join(stands.place)}"
        )
        for sign, passage in (("-", change.old), ("+", change.new)):
            if passage is not None:
                typer.echo(f"  {sign} {' '.join(passage.quote.split())}")
        for one in change.figures:
            typer.echo(f"    {one.old.quote if one.old else '—'} → {one.new.quote if one.new else '—'}")


@app.command("propose")
def propose(key: Annotated[str, typer.Argument(help="Key of the document.")]) -> None:
    """Ask the model of GANGSHEN_MODEL_URL for items the reader missed; those that quote the text wait to be checked."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents import services
    from gangshen.apps.documents.adapters import EndpointError, configured
    from gangshen.apps.documents.models import Document
    from gangshen.apps.identity.services import now
    from gangshen.web.errors import Refused

    endpoint = configured()
    document = Document.objects.filter(key=key).first()
    try:
        if endpoint is None:
            raise Refused("No model endpoint is configured.", "Set GANGSHEN_MODEL_URL.")
        if document is None:
            raise Refused(f"No document {key}.", "See `gangshen documents list`.")
        result = services.propose(document, endpoint, now=now())
    except (Refused, EndpointError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    refused = ", ".join(f"{n} for their {why}" for why, n in sorted(result.refused.items()))
    typer.echo(f"{result.kept} kept" + (f"; not kept: {refused}" if refused else ""))
