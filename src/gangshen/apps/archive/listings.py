"""Lists of the archive: the audit trail, its seals, sources, files."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive import services
from gangshen.apps.archive.models import File, LogEntry, Seal, Source
from gangshen.apps.archive.services import EVENTS
from gangshen.apps.identity.access import allowed
from gangshen.web.formatting import moment
from gangshen.web.listing import Column, Filter, Listing, View

__all__ = ["FILES", "SEALS", "SOURCES", "TRAIL", "WORDS", "event_words"]

WORDS: dict[str, Any] = {
    "create": _("created"),
    "update": _("changed"),
    "delete": _("deleted"),
    "access": _("opened"),
    "login": _("logged in"),
    "logout": _("logged out"),
    "login_failed": _("failed to log in"),
    "locked": _("was locked out"),
    "unlock": _("lifted a lock"),
    "password": _("set a password"),
    "read": _("read"),
    "list": _("read a list"),
    "export": _("exported"),
    "download": _("downloaded"),
    "decide": _("decided"),
    "refused": _("was refused"),
}


def event_words(entry: LogEntry) -> str:
    """What was done, in a word; an event of an office that has none here is shown by its name."""
    return str(EVENTS.get(entry.event)) if entry.event in EVENTS else entry.event


def _event(entry: LogEntry) -> str:
    if entry.personal:
        return gettext("%(did)s personal data") % {"did": event_words(entry)}
    return event_words(entry)


def _person(entry: LogEntry) -> str:
    if entry.actor:
        return str(entry.actor)
    tried = (entry.additional_data or {}).get("username")
    return str(tried) if tried else gettext("the system")


def _thing(entry: LogEntry) -> str:
    return entry.object_repr or "—"


def _kind(entry: LogEntry) -> str:
    model = entry.content_type.model_class() if entry.content_type else None
    return gettext(str(model._meta.verbose_name).capitalize()) if model else ""


def _changes(entry: LogEntry) -> str:
    told = [f"{name}: {_pair(change)}" for name, change in (entry.changes or {}).items()]
    told += [f"{name}: {value}" for name, value in (entry.additional_data or {}).items()]
    text = "; ".join(told)
    return text if len(text) <= 80 else f"{text[:80]}…"  # whole on the entry's own page


def _pair(change: Any) -> str:
    if isinstance(change, dict):
        return f"{change.get('operation', '')} {', '.join(change.get('objects', []))}"
    old, new = (["", *change])[-2:]
    return str(new) if old in ("", "None") else f"{old} → {new}"


def _subject(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    return services.search_entries(rows, subject=value)


def _who(rows: QuerySet[LogEntry], value: str) -> QuerySet[LogEntry]:
    return services.search_entries(rows, person=value)


def _rights(rows: QuerySet[LogEntry], value: bool) -> QuerySet[LogEntry]:
    wanted = services.search_entries(LogEntry.objects.all(), rights=True)
    return rows.filter(pk__in=wanted.values("pk")) if value else rows.exclude(pk__in=wanted.values("pk"))


def _answer(result: Any) -> str:
    rows = result.source.rows.order_by()
    told = rows.aggregate(
        people=Count("actor", distinct=True),
        personal=Count("pk", filter=Q(personal=True)),
        exports=Count("pk", filter=Q(event__in=("export", "download"))),
        failed=Count("pk", filter=Q(event__in=("login_failed", "locked"))),
    )
    words = ngettext("%(n)d entry by %(people)d people", "%(n)d entries by %(people)d people", result.total)
    parts = [words % {"n": result.total, "people": told["people"]}]
    if told["personal"]:
        parts.append(gettext("personal data read %(n)d times") % {"n": told["personal"]})
    if told["exports"]:
        parts.append(gettext("%(n)d exports") % {"n": told["exports"]})
    if told["failed"]:
        parts.append(gettext("%(n)d failed log-ins") % {"n": told["failed"]})
    return gettext(", ").join(parts) + gettext(".")


def _seal_state() -> str:
    newest = Seal.objects.last()
    waiting = LogEntry.objects.filter(pk__gt=newest.last_entry if newest else 0).count()
    if newest is None:
        state = gettext("Nothing is sealed yet: an hour is sealed ten minutes after it ends")
    else:
        place = {"hour": moment(newest.hour), "digest": newest.digest[:12]}
        state = gettext("Sealed up to the hour of %(hour)s (digest %(digest)s…)") % place
    rest = ngettext("; %(n)d entry waits for its hour to end.", "; %(n)d entries wait for their hour to end.", waiting)
    about = gettext("Changes by hand, log-ins, exports and reads of personal data, by the clock; never edited.")
    return f"{about} {state}{rest % {'n': waiting}}"


TRAIL = Listing(
    key="audit",
    title=_("Audit"),
    noun=_("entries"),
    columns=[
        Column("at", _("When"), kind="moment", value="timestamp"),
        Column("who", _("Who"), value=_person, sort="actor__username"),
        Column("event", _("Did"), value=_event, sort="event"),
        Column("what", _("What"), value=_thing, second=_kind, main=True),
        Column("subject", _("Firm"), phone=False),
        Column("changes", _("Change or detail"), value=_changes, phone=False),
        Column("address", _("From address"), value="remote_addr", page=False, phone=False),
    ],
    filters=[
        Filter("on", _("on the day"), kind="date", field="timestamp__date"),
        Filter("who", _("by the person"), kind="text", apply=_who),
        Filter("firm", _("about the firm"), kind="text", apply=_subject),
        Filter("event", _("what was done"), choices=lambda actor: list(EVENTS.items())),
        Filter("personal", _("reads of personal data"), kind="bool"),
        Filter("rights", _("changes of rights"), kind="bool", apply=_rights),
    ],
    views=[
        View("personal", _("Reads of personal data"), {"personal": "yes"}),
        View("rights", _("Changes of rights"), {"rights": "yes"}),
        View("exports", _("Exports"), {"event": "export"}),
        View("failed", _("Failed log-ins and refusals"), {"event": ["login_failed", "locked", "refused"]}),
    ],
    source=lambda actor: LogEntry.objects.for_user(actor).select_related("actor", "content_type"),
    search_fields=("object_repr", "subject", "actor__username", "actor__display_name"),
    default_sort="-at",
    row_url=lambda entry: reverse("archive:entry", args=[entry.pk]),
    panel=True,
    answer=_answer,
    empty=(_("No event in this range"), _("Choose another day, person or firm."), "/audit/", _("Show all")),
    scope=lazy(_seal_state, str)(),
    nav_key="audit",
    allowed=lambda actor: allowed(actor, "view", LogEntry),
    exportable=lambda actor: allowed(actor, "export", LogEntry),
)

SEALS = Listing(
    key="seals",
    title=_("Seals"),
    noun=_("seals"),
    columns=[
        Column("hour", _("Hour"), kind="moment", main=True),
        Column("entries", _("Entries"), kind="number"),
        Column("digest", _("Digest")),
        Column("previous", _("Digest before"), page=False),
    ],
    source=lambda actor: Seal.objects.for_user(actor),
    default_sort="-hour",
    empty=(
        _("No seal yet"),
        _("An hour is sealed ten minutes after it ends, when it has entries."),
        "/audit/",
        _("To the entries"),
    ),
    nav_key="audit",
    allowed=lambda actor: allowed(actor, "view", Seal),
    exportable=lambda actor: allowed(actor, "export", Seal),
)


def _age(source: Source) -> str:
    return "" if source.update_days is None else ngettext("%d day", "%d days", source.update_days) % source.update_days


SOURCES = Listing(
    key="sources",
    title=_("Sources"),
    noun=_("sources"),
    columns=[
        Column("name", _("Name"), main=True, second="key"),
        Column("owner", _("Answers for it"), value="owner__name"),
        Column("rank", _("Rank"), kind="number"),
        Column("purpose", _("Purpose")),
        Column("grade", _("Grade")),
        Column("consent", _("On consent"), kind="bool"),
        Column("update", _("Expected every"), value=_age, sort="update_days"),
    ],
    source=lambda actor: Source.objects.for_user(actor).select_related("owner"),
    search_fields=("key", "name", "owner__name"),
    default_sort="rank",
    row_id="key",
    marks=lambda source: ("synthetic",) if source.synthetic else (),
    scope=_("A lower rank is believed before a higher one."),
    allowed=lambda actor: allowed(actor, "view", Source),
    exportable=lambda actor: allowed(actor, "export", Source),
)

FILES = Listing(
    key="files",
    title=_("Files"),
    noun=_("files"),
    columns=[
        Column("name", _("Name"), main=True),
        Column("media_type", _("Kind")),
        Column("size", _("Bytes"), kind="number"),
        Column("created_at", _("Kept since"), kind="moment"),
        Column("sha256", _("Digest"), phone=False),
    ],
    source=lambda actor: File.objects.for_user(actor),
    search_fields=("name", "sha256"),
    default_sort="-created_at",
    row_id="sha256",
    row_url=lambda file: reverse("archive:file", args=[file.sha256]),
    allowed=lambda actor: allowed(actor, "view", File),
    exportable=lambda actor: allowed(actor, "export", File),
)
