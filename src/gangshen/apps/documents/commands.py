"""``gangshen read`` and ``gangshen documents``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["SHORT", "app"]

app = typer.Typer(rich_markup_mode=None)


@app.command("read")
def read(
    files: Annotated[list[Path], typer.Argument(help="Documents: .docx .pdf .ofd .html .txt .md")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document; a list for several files.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write STEM.json of each file into this folder.")] = None,
    as_text: Annotated[bool, typer.Option("--text", help="Print the text read, to which offsets refer.")] = False,
) -> None:
    """Read documents: tasks, units, targets, phases, clauses, each with its place in the text. Needs no database."""
    import json

    from gangshen.engines.reading import DocumentError, to_scored

    targets = _targets(files, out) if out else {}
    found: list[Any] = []
    failed = 0
    for file in files:
        try:
            source, reading = _read(file)
        except (OSError, DocumentError) as error:
            failed += 1
            reason = f"{file}: {error.strerror}. Check the path." if isinstance(error, OSError) else str(error)
            typer.echo(reason, err=True)
            continue
        scored = to_scored(reading)
        if out:
            out.mkdir(parents=True, exist_ok=True)
            targets[file].write_text(json.dumps(scored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        elif as_text:
            typer.echo(source.text)
        elif as_json:
            found.append(scored)
        else:
            _summary(file, scored)
    if as_json and not out and found:
        typer.echo(json.dumps(found[0] if len(files) == 1 else found, ensure_ascii=False, indent=1))
    if failed:
        raise typer.Exit(1)


SHORT = {"read": read}


def _read(file: Path) -> tuple[Any, Any]:
    from gangshen.engines.reading import extract
    from gangshen.engines.reading import read as read_text
    from gangshen.engines.vocabulary import Vocabulary

    source = extract(file.read_bytes(), file.name)
    return source, read_text(source, vocabulary=Vocabulary.load_builtin())


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
    """File documents and read them."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents import services
    from gangshen.apps.identity.services import now

    for file in files:
        document = services.upload(file.read_bytes(), file.name, actor=None, now=now())
        run = services.start_reading(document, actor=None, now=now(), inline=True)
        typer.echo(f"{document.key}  {document.title}: {run.result.get('items', 0)} items", err=False)


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
    text: Annotated[str, typer.Argument(help="Words to look for, as printed.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Where words stand in the texts read: document, offsets, the words around."""
    import json

    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.documents import services

    found = [
        {"document": place.document, "start": place.start, "end": place.end, "line": place.line}
        for place in services.places(text)
    ]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for place in found:
        typer.echo(f"{place['document']} {place['start']}-{place['end']}  {place['line']}")
    if not found:
        typer.echo("Nowhere in the texts on file.")
