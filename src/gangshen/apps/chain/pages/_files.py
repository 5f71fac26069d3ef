"""What a colleague takes along: the picture as SVG, the chain as Excel and GraphML, gaps as Excel and a Word brief."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.archive import services as archive
from gangshen.apps.chain import services
from gangshen.apps.chain.models import Chain, Placement
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import today, zone
from gangshen.engines.graph import Graph
from gangshen.engines.graph import graphml as as_graphml
from gangshen.web import excel as sheets
from gangshen.web import word
from gangshen.web.downloads import attachment
from gangshen.web.excel import Head, Sheet
from gangshen.web.formatting import label

from ._gaps import gaps_of
from ._words import drawn, line_of

__all__ = ["excel", "gaps_excel", "gaps_word", "graphml", "svg"]

BRIEF = 10  # gaps of the Word brief


def _chain(request: HttpRequest, key: str, channel: str) -> Chain:
    one = get_object_or_404(Chain.objects.for_user(request.user, "export"), key=key)
    archive.record_event(request.user, "export", one, {"channel": channel})  # type: ignore[arg-type]
    return one


@login_required
@require_GET
def svg(request: HttpRequest, key: str) -> HttpResponse:
    """The picture, with its colours in the file."""
    one = _chain(request, key, "svg")
    shown = drawn(services.here(today()), one)
    body = render(request, "chain/file.svg", {"drawn": shown, "chain": one, "today": today()}).content
    return attachment(body, f"chain-{key}-{today()}.svg", "image/svg+xml")


@login_required
@require_GET
def graphml(request: HttpRequest, key: str) -> HttpResponse:
    """The chain's own nodes and the edges between them, with counts."""
    one = _chain(request, key, "graphml")
    here = services.here(today())
    own = {row.node for row in here.of_chain(one)}
    part = Graph((here.graph.nodes[name] for name in here.graph.nodes if name in own), here.graph.edges)
    values = {
        name: {
            "firms": len(here.strengths[name].makers),
            "level": here.strengths[name].level.value,
            "local_share": here.strengths[name].local_share,
        }
        for name in own
    }
    return attachment(as_graphml(part, values), f"chain-{key}-{today()}.graphml", "application/graphml+xml")


@login_required
@require_GET
def excel(request: HttpRequest, key: str) -> HttpResponse:
    """Nodes, edges with their source, and firms where the role may export them."""
    one = _chain(request, key, "excel")
    here = services.here(today())
    about = f"{label(one.label)} · {label(zone().name)} · {today()}"
    found = [_nodes(here, one, about), _edges(here, one, about)]
    if allowed(request.user, "export", Placement):
        found.append(_firms(here, one, about))
    return attachment(sheets.workbook(found), f"chain-{key}-{today()}.xlsx", sheets.MEDIA_TYPE)


def _nodes(here: services.Here, one: Chain, about: str) -> Sheet:
    heads = [
        Head(_("Key")),
        Head(_("Node"), width=24),
        Head(_("Kind")),
        Head(_("Firms"), "number"),
        Head(_("State")),
        Head(_("Local share"), "percent"),
        Head(_("Buyers who told"), "number"),
        Head(_("Concentration (HHI)"), "number"),
        Head(_("Source"), width=50),
        Head(_("Section")),
    ]
    rows = []
    for strength in here.of_chain(one):
        line = line_of(here, strength.node)
        node = line.node
        local = None if strength.local_share is None else 100 * strength.local_share
        rows.append(
            [
                node.key,
                label(node.label),
                node.get_kind_display(),
                line.firms,
                line.words,
                local,
                strength.told,
                strength.hhi,
                node.citation.title,
                node.section,
            ]
        )
    return Sheet(_("Nodes"), about, heads, rows)


def _edges(here: services.Here, one: Chain, about: str) -> Sheet:
    heads = [
        Head(_("From")),
        Head(_("To")),
        Head(_("Kind")),
        Head(_("Confidence"), "number"),
        Head(_("Source"), width=50),
        Head(_("Issuer")),
        Head(_("Date"), "date"),
        Head(_("Section")),
        Head(_("Marks")),
    ]
    names = {node.pk: label(node.label) for node in here.nodes.values()}
    rows = [
        [
            names[edge.tail_id],
            names[edge.head_id],
            edge.get_kind_display(),
            edge.confidence,
            edge.citation.title,
            edge.citation.issuer,
            edge.citation.date,
            edge.section,
            _("Assumed") if edge.citation.assumed else "",
        ]
        for edge in here.edges
        if edge.chain_id == one.pk
    ]
    return Sheet(_("Edges"), about, heads, rows)


def _firms(here: services.Here, one: Chain, about: str) -> Sheet:
    heads = [Head(_("Enterprise"), width=36), Head(_("Key")), Head(_("Node")), Head(_("Basis")), Head(_("On these words"), width=30),
             Head(_("Confidence"), "number"), Head(_("As of"), "date"), Head(_("Marks"))]  # fmt: skip
    own = {node.pk: node for node in here.nodes.values() if node.chain_id == one.pk}
    rows = [row for row in here.placements if row.node_id in own]
    names = services.names_of({row.firm for row in rows})
    cells = []
    for row in rows:
        name, synthetic = names.get(row.firm, (row.firm, False))
        mark = _("Synthetic") if synthetic else ""
        node = label(own[row.node_id].label)
        cells.append([name, row.firm, node, row.get_basis_display(), row.words, row.confidence, row.as_of, mark])
    return Sheet(_("Firms"), about, heads, cells)


@login_required
@require_GET
def gaps_excel(request: HttpRequest) -> HttpResponse:
    """Gaps in their order, with the candidates."""
    require(request.user, "export", Chain)
    rows = gaps_of(request.user, services.here(today()))
    heads = [
        Head(_("No."), "number", 8),
        Head(_("Node"), width=22),
        Head(_("Kind")),
        Head(_("Reason"), width=60),
        Head(_("Firms waiting"), "number"),
        Head(_("Score"), "number"),
        Head(_("Candidates"), width=60),
    ]
    cells = [
        [row["at"], label(row["line"].node.label), row["state"][1], row["reason"], len(row["gap"].waiting),
         round(row["gap"].score, 2), "；".join(_said(fit) for fit in row["fits"])]
        for row in rows
    ]  # fmt: skip
    archive.record_event(request.user, "export", "page:chain.gaps", {"channel": "excel", "rows": len(rows)})  # type: ignore[arg-type]
    sheet = Sheet(_("Gaps"), _("As of %(day)s") % {"day": today()}, heads, cells)
    return attachment(sheets.workbook([sheet]), f"gaps-{today()}.xlsx", sheets.MEDIA_TYPE)


def _said(fit: Any) -> str:
    mark = f"[{_('Synthetic')}]" if fit.candidate.synthetic else ""
    desks = _(", ").join(f"{lead.unit} {lead.get_stage_display()}" for lead in fit.leads)
    return f"{fit.candidate.name}{mark}" + (f"（{desks}）" if desks else "")


@login_required
@require_GET
def gaps_word(request: HttpRequest) -> HttpResponse:
    """The brief for the investment desk: the first gaps with reason, candidates and who is on them."""
    require(request.user, "export", Chain)
    here = services.here(today())
    rows = gaps_of(request.user, here)[:BRIEF]
    document = word.Word(_("Gaps of the chain and whom to invite"), day=today(), issuer=zone().name)
    limits = {"need": here.limits.need, "thin": here.limits.thin}
    document.paragraph(
        _(
            "A gap is a node that %(need)d firms or more wait for and that nobody, one firm or fewer than %(thin)d make here."
        )
        % limits
    )
    document.heading(_("1. Gaps by need"))
    document.table(
        [_("Node"), _("Kind"), _("Firms waiting")],
        [[label(row["line"].node.label), row["state"][1], str(len(row["gap"].waiting))] for row in rows],
        right=[2],
    )
    document.heading(_("2. Reasons and candidates"))
    for row in rows:
        name = label(row["line"].node.label)
        document.paragraph(f"{name}：{row['reason']}", f"node:{row['gap'].node}", row["line"].node.citation.title)
        for fit in row["fits"][:3]:
            document.paragraph(
                _("Candidate: %(name)s; fits by %(words)s; from %(register)s, %(day)s.")
                % {
                    "name": _said(fit),
                    "words": "、".join(fit.fitting),
                    "register": fit.candidate.register,
                    "day": fit.candidate.as_of,
                }
            )
    archive.record_event(request.user, "export", "page:chain.gaps", {"channel": "word", "rows": len(rows)})  # type: ignore[arg-type]
    return attachment(document.save(), f"gaps-{today()}.docx", word.MEDIA_TYPE)
