"""``gangshen chain``: gaps, a node, what stops with a firm, placing, checking files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gangshen.apps.chain.services import Here

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _here() -> Here:
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.chain import services
    from gangshen.apps.chain.models import Node
    from gangshen.apps.identity.services import today
    from gangshen.web.errors import Refused

    if not Node.objects.exists():
        raise Refused("No chain is loaded.", "Put chain/*.yaml into the zone folder and load it: gangshen load DIR.")
    return services.here(today())


def _print(value: object) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


@app.command("gaps")
def gaps(
    chain: Annotated[str | None, typer.Option(help="Only nodes of this chain.")] = None,
    need: Annotated[int | None, typer.Option(help="Firms that must wait before it is a gap.", min=1)] = None,
    as_json: Json = False,
) -> None:
    """What is missing, has one source or is thin, by how many wait for it; with candidates to invite."""
    here = _here()
    from dataclasses import replace

    from gangshen.apps.chain import services
    from gangshen.apps.chain.models import Chain
    from gangshen.web.errors import Refused

    if chain and not Chain.objects.filter(key=chain).exists():
        known = ", ".join(Chain.objects.values_list("key", flat=True))
        raise Refused(f"There is no chain {chain}.", f"There are: {known}.")
    if need is not None:
        here.limits = replace(here.limits, need=need)
    rows = [row for row in services.gap_rows(here) if not chain or row["chain"] == chain]
    if as_json:
        _print(rows)
        return
    if not rows:
        typer.echo(f"No gap: nothing that {here.limits.need} firms or more wait for is missing or thin.")
    for row in rows:
        candidates = "、".join(one["name"] for one in row["candidates"][:3]) or "no candidate known"
        typer.echo(
            f"{row['score']:>6.1f}  {row['kind']:<13} {row['name']}  {row['makers']} makers, {row['waiting']} wait"
            f"  <- {'、'.join(row['downstream'])}  ({candidates})"
        )


@app.command("show")
def show(node: Annotated[str, typer.Argument(help="Key or name of a node.")], as_json: Json = False) -> None:
    """One node: firms, strength, what stands before and after it, and the source of each edge."""
    here = _here()
    from gangshen.apps.chain import services
    from gangshen.web.errors import Refused

    key = (
        node
        if node in here.nodes
        else next((k for k, one in here.nodes.items() if node in (one.name, one.name_en)), "")
    )
    if not key:
        import difflib

        names = {name: k for k, one in here.nodes.items() for name in (k, one.name)}
        near = difflib.get_close_matches(node, names, 3, 0.4)
        raise Refused(
            f"There is no node {node}.", f"Did you mean {' / '.join(near)}?" if near else "See `gangshen chain list`."
        )
    row = services.node_row(here, key)
    if as_json:
        _print(row)
        return
    typer.echo(f"{row['name']} ({key}, {row['kind']}): {row['level']}, {len(row['firms'])} firms")
    local = "unknown" if row["local_share"] is None else f"{row['local_share']:.0%} ({row['told']} buyers said so)"
    typer.echo(f"  local share: {local}")
    typer.echo(f"  upstream: {'、'.join(row['upstream']) or '-'}\n  downstream: {'、'.join(row['downstream']) or '-'}")
    for firm in row["firms"]:
        typer.echo(f"  {firm['confidence']:.2f} {firm['name']}  ({firm['basis']}: {firm['words']})")
    for edge in row["edges"]:
        dated = f"{edge['issuer']}, {edge['date'] or 'no date'}"
        typer.echo(f"  {edge['from']} -{edge['type']}-> {edge['to']}  [{edge['source']}, {dated} {edge['section']}]")


@app.command("list")
def list_() -> None:
    """All nodes by chain, with the number of firms."""
    here = _here()
    for key, node in here.nodes.items():
        strength = here.strengths[key]
        typer.echo(f"{node.chain.key:<10} {key:<20} {len(strength.makers):>4}  {strength.level.value:<8} {node.name}")


@app.command("stops")
def stops(
    firm: Annotated[str, typer.Argument(help="Key, code or name of an enterprise.")], as_json: Json = False
) -> None:
    """If this supplier stops: nodes left without a maker, what lies behind them, firms that depend on it."""
    here = _here()
    from django.db.models import Q

    from gangshen.apps.chain import services
    from gangshen.apps.identity.models import Organisation
    from gangshen.apps.registers import services as registers
    from gangshen.engines import graph
    from gangshen.web.errors import Refused

    found = Organisation.objects.filter(Q(key=firm) | Q(code=firm) | Q(name=firm) | Q(short_name=firm)).exclude(key="")
    one = found.first()
    if one is None:
        raise Refused(f"There is no enterprise {firm}.", "Give its key, code or whole name.")
    row = services.stop_row(here, graph.stops(here.graph, here.strengths, here.supplies, registers.kept_key(one.key)))
    if as_json:
        _print(row)
        return
    typer.echo(f"{row['name']} stands on: {'、'.join(row['nodes']) or 'no node'}")
    typer.echo(f"  left without a maker: {'、'.join(one['name'] for one in row['lost']) or '-'}")
    typer.echo(
        f"  behind it: {'、'.join(one['name'] for one in row['reached']) or '-'}; {len(row['exposed'])} firms one step behind"
    )
    for one in row["dependents"]:
        share = "share unknown" if one["share"] is None else f"{one['share']:.0%}"
        typer.echo(f"  {one['name']} buys {one['node']} from it: {share}{', from nobody else' if one['only'] else ''}")


@app.command("neighbours")
def neighbours(
    town: Annotated[str, typer.Option(help="Division as the register writes it; else the one with most firms.")] = "",
    as_json: Json = False,
) -> None:
    """Industry groups that a town could enter from what it is strong in, by relatedness density."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.chain import services
    from gangshen.apps.identity.services import today
    from gangshen.web.errors import Refused

    try:
        found = services.related(today(), town)
    except KeyError:
        known = ", ".join(services.related(today()).towns) or "none"
        raise Refused(f"The register names no firm of {town}.", f"There are: {known}.") from None
    if as_json:
        _print(services.related_row(found))
        return
    if not found.entries:
        typer.echo("Nothing to compare: the register must name the town and industry of firms in two towns or more.")
    for one in found.entries:
        grows = "、".join(f"{code} {name} ({share:.2f})" for code, name, share in one.near)
        typer.echo(f"{one.density:.2f}  {one.code} {one.name}  {one.firms} firms now  <- {grows}")


@app.command("place")
def place(as_json: Json = False) -> None:
    """Propose placements from the registers anew and write them down as records of the chain desk."""
    here = _here()
    from gangshen.apps.chain import services
    from gangshen.apps.identity.services import now

    counts = services.propose(here.today) | {"written": services.write_down(here.today, now=now())}
    if as_json:
        _print(counts)
        return
    typer.echo(
        f"{counts['firms']} firms: {counts['sure']} placements count, {counts['pending']} wait for the desk, "
        f"{counts['decided']} decided; {counts['written']} records written"
    )


@app.command("check")
def check(path: Annotated[Path, typer.Argument(help="A chain file, or a zone folder.", exists=True)]) -> None:
    """Check chain files without loading them: cycles, loops, unknown nodes, edges without a source."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.chain.portable import check_folder

    count = check_folder(path)
    typer.echo(f"{count} chain{'s' if count != 1 else ''}: no fault.")


@app.command("candidates")
def candidates(path: Annotated[Path, typer.Argument(help="CSV or Excel of candidates.", exists=True)]) -> None:
    """Import candidates to invite from an outside register; all rows or none."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.chain import services

    typer.echo(f"{services.keep_candidates(path)} candidates kept.")


@app.command("supplies")
def supplies(
    path: Annotated[Path, typer.Argument(help="CSV or Excel: buyer, supplier, node, share, as_of.", exists=True)],
    source: Annotated[str, typer.Option(help="Key of the source it comes from.")] = "upload",
) -> None:
    """Import what buyers tell of their suppliers; all rows or none."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.chain import services
    from gangshen.apps.identity.services import now

    made = services.keep_supplies(path, of=source, actor=None, now=now())
    typer.echo(f"{made['rows']} rows of {made['buyers']} buyers kept as batch {made['batch']}.")
