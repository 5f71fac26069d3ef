"""What a firm gets, is near and could settle, to take along: papers needed, until when, who decides, whom to call."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import today, zone
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import PolicyVersion
from gangshen.engines.rules import clauses
from gangshen.web import excel, word
from gangshen.web.downloads import attachment
from gangshen.web.formatting import label, money_text

from ._profile import allowed_here, firm_groups
from ._rows import Group, Row

__all__ = ["paper", "workbook"]

NUMERALS = "一二三四"


def _firm(request: HttpRequest, key: str) -> Organisation:
    user: Any = request.user
    if not allowed_here(user):
        raise PermissionDenied
    firm = get_object_or_404(Organisation, key=key)
    if not registers.may_see(user, key):
        raise Http404(_("There is no such thing, or it is not open to your role."))
    if not (registers.is_own(user, key) or allowed(user, "export", "policies.Match")):
        raise PermissionDenied
    return firm


def _groups(request: HttpRequest, firm: Organisation) -> list[Group]:
    user: Any = request.user
    return [group for group in firm_groups(user, firm, today()) if group.state != "bad"]


def papers(rule: PolicyVersion) -> str:
    """What is to be handed in: the edition's materials and the proofs that its conditions ask for."""
    named = [part for one in rule.materials for part in re.split(r"[、；;]\s*", label(one))]
    named += [proof for clause in clauses(rule.eligibility) for proof in clause.evidence]
    return "、".join(dict.fromkeys(named))


def whom(rule: PolicyVersion) -> str:
    """Who decides, and whom to call."""
    contact = rule.contact
    call = " ".join(part for part in (contact.unit, contact.person, contact.phone) if part) if contact else ""
    return _("; ").join(part for part in (rule.authority, call) if part)


def _policy(row: Row) -> str:
    return label(row.match.edition.policy.label)


def _beside(row: Row) -> list[str]:
    rule = row.match.edition.rule
    return [row.missing, _because(row), papers(rule), row.window[1], whom(rule)]


def _because(row: Row) -> str:
    return _("; ").join(one.words for one in row.because)


def _heads() -> list[str]:
    return [_("What is missing"), _("About the amount"), _("Papers needed"), _("Window"), _("Decides; whom to call")]


@login_required
@require_GET
def workbook(request: HttpRequest, enterprise: str) -> HttpResponse:
    """``/policies/firms/<key>/policies.xlsx``."""
    firm = _firm(request, enterprise)
    rows = [
        [
            _policy(row),
            str(group.words),
            row.amount.low if row.amount else None,
            row.amount.high if row.amount else None,
            *_beside(row),
        ]
        for group in _groups(request, firm)
        for row in group.rows
    ]
    heads = [excel.Head(_("Policy"), "text", 34), excel.Head(_("Stand"), "text", 10)]
    heads += [excel.Head(words, "money", 16) for words in (_("Amount from (yuan)"), _("Amount to (yuan)"))]
    heads += [excel.Head(words, "text", 34) for words in _heads()]
    data = excel.workbook([excel.Sheet(_("Policies"), _about(firm), heads, rows)])
    _noted(request, firm, "excel")
    return attachment(data, f"{firm.name}-{_('policies')}.xlsx", excel.MEDIA_TYPE)


@login_required
@require_GET
def paper(request: HttpRequest, enterprise: str) -> HttpResponse:
    """``/policies/firms/<key>/policies.docx``."""
    firm = _firm(request, enterprise)
    marks = ["synthetic"] if firm.synthetic else []
    made = word.Word(_("Policies for %(firm)s") % {"firm": firm.name}, today(), zone().name, marks)
    groups = _groups(request, firm)
    for numeral, group in zip(NUMERALS, groups, strict=False):
        made.heading(f"{numeral}、{_title(group)}")
        rows = [[_policy(row), _money(row), *_beside(row)] for row in group.rows]
        made.table([_("Policy"), _("Amount"), *_heads()], rows, right=(1,), widths=(28, 20, 24, 26, 26, 16, 26))
        for title, why, money in group.beside:
            made.paragraph(_("; ").join(part for part in (f"{title}：{why}", money) if part))
    if not groups:
        made.paragraph(_("None is met, near or open to a question."))
    made.paragraph(_("Who decides and pays is the authority of each policy; the zone company only helps."))
    _noted(request, firm, "word")
    return attachment(made.save(), f"{firm.name}-{_('policies')}.docx", word.MEDIA_TYPE)


def _money(row: Row) -> str:
    return money_text(row.amount) if row.amount is not None else "—"


def _title(group: Group) -> str:
    total = money_text(group.total) if group.total.high else ""
    return _(", ").join(part for part in (f"{group.words} {len(group.rows)}", total) if part)


def _about(firm: Organisation) -> str:
    parts: Iterable[str] = (_("%(firm)s, as of %(day)s") % {"firm": firm.name, "day": today()},)
    return _("; ").join([*parts, *([_("synthetic enterprise")] if firm.synthetic else [])])


def _noted(request: HttpRequest, firm: Organisation, channel: str) -> None:
    archive.record_event(request.user, "export", firm, {"what": "policies of a firm", "channel": channel})  # type: ignore[arg-type]
