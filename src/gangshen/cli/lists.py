"""Every list of the console on the command line: the same rows, filters and files as on its page and in the API."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User
    from gangshen.web.listing import Filter, Listing

__all__ = ["rows_of"]

_CHANNELS = {".xlsx": "excel", ".csv": "csv"}


def rows_of(
    key: Annotated[str, typer.Argument(help="The list, as enterprises; without one: all that are open to you.")] = "",
    words: Annotated[str, typer.Argument(help="Words to search for.")] = "",
    by: Annotated[
        str, typer.Option("--as", help="Log-in name of who asks; that person's rights hold.", show_default=False)
    ] = "",
    where: Annotated[
        list[str] | None,
        typer.Option(help="A filter: town=马桥镇, revenue.min=500; again for another, or for another choice of one."),
    ] = None,
    sort: Annotated[str, typer.Option(help="A column's id; with a leading minus, descending.")] = "",
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    size: Annotated[int, typer.Option(min=1, max=500, help="Rows to a page.")] = 50,
    unknown: Annotated[bool, typer.Option("--unknown", help="Keep rows whose filtered value is not known.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write every row that fits to this .xlsx or .csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show a list of the console, filtered and sorted, or write it as Excel or CSV."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity import services as identity
    from gangshen.web.errors import Refused
    from gangshen.web.listing import LISTINGS, as_text, rows
    from gangshen.web.listing import as_json as in_json

    if not by:
        raise Refused("A list is shown to somebody: --as NAME is missing.", "Log-in names: gangshen identity users.")
    actor = identity.acting(by)
    if not key:
        _overview(actor, as_json)
        return
    if key not in LISTINGS:
        raise Refused(f"There is no list {key}.", f"All that are open to you: gangshen list --as {by}.")
    listing, asked = LISTINGS.get(key), _asked(where or [])
    asked |= {"q": [words]} if words else {}
    asked |= {"sort": [sort]} if sort else {}
    asked |= {"unknown": ["1"]} if unknown else {}
    if out is not None:
        _write(listing, actor, asked, out)
        return
    found = rows(listing, actor, asked | {"page": page, "size": size}, channel="command", strict=True)
    if as_json:
        typer.echo(json.dumps(in_json(found), ensure_ascii=False))
        return
    typer.echo(as_text(found))
    left_out = f"; {found.unknown} unknown left out (--unknown keeps them)" if found.unknown else ""
    typer.echo(f"{found.first}-{found.last} of {found.total}{left_out}", err=True)


def _asked(where: list[str]) -> dict[str, Any]:
    from gangshen.web.errors import Refused

    asked: dict[str, Any] = defaultdict(list)
    for one in where:
        name, given, value = one.partition("=")
        if not given:
            raise Refused(f"--where {one}: a filter is written NAME=VALUE.", "As in --where status=存续.")
        asked[name.strip()].append(value.strip())
    return dict(asked)


def _overview(actor: User, as_json: bool) -> None:
    """The lists with their filters and the columns that they can be sorted by."""
    from gangshen.web.formatting import label
    from gangshen.web.listing import LISTINGS, open_to

    found = [
        {
            "key": one.key,
            "title": label(one.title),
            "filters": [_filter(each) for each in one.filters_for(actor)],
            "sort": [column.id for column in one.columns_for(actor) if column.sort_field()],
        }
        for one in LISTINGS
        if open_to(one, actor)
    ]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one['key']:<16} {one['title']}")
        for what in ("filters", "sort"):
            if one[what]:
                typer.echo(f"{'':<16} {what}: {', '.join(one[what])}")


def _filter(one: Filter) -> str:
    """``revenue.min/.max (万元)``"""
    from gangshen.web.formatting import label

    name = f"{one.id}.min/.max" if one.kind in ("range", "date") else one.id
    return f"{name} ({label(one.unit)})" if one.unit else name


def _write(listing: Listing, actor: User, asked: dict[str, Any], out: Path) -> None:
    """The file beside ``out`` first, then moved there: what is cut off leaves no half file."""
    from gangshen.apps.identity import services as identity
    from gangshen.apps.identity.models import Zone
    from gangshen.web.errors import Refused
    from gangshen.web.listing import as_csv, as_excel, rows

    channel = _CHANNELS.get(out.suffix.lower())
    if channel is None:
        raise Refused(f"{out}: lists are written as .xlsx or .csv.", "Choose one of these endings.")
    found = rows(listing, actor, asked, channel=channel, strict=True)
    unfinished = out.with_name(out.name + ".part")
    if channel == "excel":
        zone = Zone.objects.first()
        unfinished.write_bytes(as_excel(found, today=identity.today(), zone=zone.name if zone else ""))
    else:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.writelines(as_csv(found))
    unfinished.replace(out)
    typer.echo(f"{found.total} rows in {out}", err=True)
