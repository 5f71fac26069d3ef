"""The file of evidence an auditor takes along: entries, seals, the chain of a decision, its files, and their digests."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import hmac
import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import File, LogEntry, Seal
from gangshen.apps.identity.models import User, Zone
from gangshen.engines.evidence import Ref, RefError
from gangshen.engines.formats import inert
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import RESOLVERS

from ._files import read
from ._links import Chain, chain
from ._seals import canonical
from ._trail import record_event

__all__ = ["RIGHTS", "check_archive", "evidence_archive", "search_entries"]

RIGHTS = ("rolegrant", "token", "user")
_STAMP = "%Y-%m-%dT%H:%M:%S%z"
_UNSAFE = re.compile(r"[^\w.-]+")
_ABOUT = """冈身 审计证据包 / Gangshen file of evidence

entries.csv    审计记录（供阅读）  audit entries, to read
entries.jsonl  审计记录（供核验）  audit entries, to verify: each seal's digest is SHA-256 over the digest before it and its lines
seals.csv      各小时封存         seals by the hour
chain.json     决定的依据链       what the decision rests on, where one was asked for
files/         所引用的文件       the files it rests on
manifest.json  各文件的 SHA-256   digests of all of the above
signature.txt  对 manifest.json 的 HMAC-SHA-256，由本系统密钥签署；用 gangshen archive check 核验
               HMAC-SHA-256 of manifest.json under this installation's key; verify with: gangshen archive check FILE
"""


def search_entries(
    entries: QuerySet[LogEntry] | None = None,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    person: str = "",
    subject: str = "",
    thing: str = "",
    rights: bool = False,
    personal: bool = False,
) -> QuerySet[LogEntry]:
    """Entries by day (local), person (log-in or name), firm (key or name), object, rights changes, personal reads."""
    rows: QuerySet[LogEntry] = LogEntry.objects.all() if entries is None else entries
    zone = timezone.get_current_timezone()
    if since:
        rows = rows.filter(timestamp__gte=dt.datetime.combine(since, dt.time(), zone))
    if until:
        rows = rows.filter(timestamp__lt=dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone))
    if person:
        rows = rows.filter(Q(actor__username=person) | Q(actor__display_name__contains=person))
    if subject:
        rows = rows.filter(Q(subject=subject) | Q(object_repr__contains=subject))
    if thing:
        rows = rows.filter(object_repr__contains=thing)
    if rights:
        rows = rows.filter(content_type__app_label="identity", content_type__model__in=RIGHTS, action__lt=3)
    if personal:
        rows = rows.filter(personal=True)
    return rows.select_related("actor", "content_type")


def evidence_archive(
    entries: QuerySet[LogEntry], *, ref: str | None = None, actor: User | None, now: dt.datetime
) -> bytes:
    """A signed zip of these entries, the seals over them and, with ``ref``, the chain it rests on with its files.

    That it was taken is itself an entry. Raises :class:`Refused` when ``ref`` is no reference.
    """
    parts: dict[str, bytes] = {"README.txt": _ABOUT.encode()}
    listed = list(entries.order_by("pk"))
    if ref:
        tree = _chain_of(ref)
        parts["chain.json"] = _json(_resolved(tree, actor))
        mentioned = LogEntry.objects.filter(object_repr__in=set(tree.refs())).select_related("actor", "content_type")
        known = {one.pk for one in listed}
        listed = sorted([*listed, *(one for one in mentioned if one.pk not in known)], key=lambda one: one.pk)
        parts.update(_files_of(tree))
    parts["entries.csv"] = _entries_csv(listed)
    parts["entries.jsonl"] = b"".join(map(canonical, listed))
    parts["seals.csv"] = _seals_csv(listed)
    manifest = {
        "zone": Zone.objects.values_list("key", flat=True).first(),
        "made_at": now.strftime(_STAMP),
        "made_by": actor.username if actor else None,
        "about": ref,
        "entries": len(listed),
        "newest_seal": Seal.objects.order_by("hour").values_list("digest", flat=True).last(),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())},
    }
    parts["manifest.json"] = _json(manifest)
    parts["signature.txt"] = _signature(parts["manifest.json"]).encode()
    record_event(actor, "export", ref, {"entries": len(listed), "manifest": _digest(parts["manifest.json"])})
    return _zip(parts, now)


def _chain_of(ref: str) -> Chain:
    try:
        return chain(Ref.parse(ref))
    except RefError as error:
        raise Refused(str(error), _("Copy it from an evidence chip, such as run:12 or doc:plan#10-20.")) from error


def _resolved(tree: Chain, actor: User | None) -> dict[str, Any]:
    node: dict[str, Any] = {"ref": tree.ref, "evidence": _opened(tree.ref, actor)}
    if tree.rests_on:
        node["rests_on"] = [_resolved(below, actor) for below in tree.rests_on]
    if tree.cut:
        node["not_listed"] = tree.cut
    return node


def _opened(ref: str, actor: User | None) -> dict[str, Any] | None:
    try:
        parsed = Ref.parse(ref)
        found = RESOLVERS.get(parsed.scheme)(parsed, actor) if parsed.scheme in RESOLVERS else None
    except (RefError, Http404, PermissionDenied, Refused):
        found = None
    if found is None:
        return None
    names = ("title", "quote", "before", "after", "source", "date", "marks", "values", "url")
    told = {name: getattr(found, name, None) for name in names}
    return {name: value for name, value in told.items() if value}


def _files_of(tree: Chain) -> dict[str, bytes]:
    wanted = {ref.removeprefix("file:").split("#")[0] for ref in tree.refs() if ref.startswith("file:")}
    return {
        f"files/{file.sha256[:12]}-{_UNSAFE.sub('_', file.name)}": read(file)
        for file in File.objects.filter(sha256__in=wanted).order_by("sha256")
    }


def _entries_csv(entries: Iterable[LogEntry]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["id", "at", "person", "event", "type", "object", "subject", "personal", "changes", "detail", "address"]
    )
    for one in entries:
        writer.writerow(
            [
                one.pk,
                timezone.localtime(one.timestamp).strftime(_STAMP),
                inert(one.actor.username) if one.actor else "",
                one.event,
                one.content_type.model if one.content_type else "",
                inert(one.object_repr),
                inert(one.subject),
                one.personal,
                json.dumps(one.changes, ensure_ascii=False) if one.changes else "",
                json.dumps(one.additional_data, ensure_ascii=False) if one.additional_data else "",
                one.remote_addr or "",
            ]
        )
    return out.getvalue().encode("utf-8-sig")


def _seals_csv(entries: list[LogEntry]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["hour", "last_entry", "entries", "digest", "previous"])
    if entries:
        first = Seal.objects.filter(last_entry__gte=entries[0].pk).order_by("hour")
        writer.writerows(
            [one.hour.astimezone(dt.UTC).strftime(_STAMP), one.last_entry, one.entries, one.digest, one.previous]
            for one in first
        )
    return out.getvalue().encode("utf-8-sig")


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _signature(manifest: bytes) -> str:
    key = hashlib.sha256(b"gangshen evidence archive" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, manifest, hashlib.sha256).hexdigest()


def _zip(parts: dict[str, bytes], now: dt.datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, timezone.localtime(now).timetuple()[:6]), content)
    return out.getvalue()


def check_archive(data: bytes) -> list[str]:
    """What is wrong with a file of evidence, one sentence each: the signature, a digest, a file more or less."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        manifest = json.loads(parts["manifest.json"])
        listed: dict[str, str] = manifest["sha256"]
        signature = parts["signature.txt"].decode()
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refused(_("This is no file of evidence."), _("Give one that this system exported.")) from error
    problems = []
    if not hmac.compare_digest(signature, _signature(parts["manifest.json"])):
        problems.append(_("The signature is not this installation's, or the manifest was changed"))
    for name in sorted(listed.keys() | (parts.keys() - {"manifest.json", "signature.txt"})):
        if name not in parts:
            problems.append(_("%(name)s is missing") % {"name": name})
        elif _digest(parts[name]) != listed.get(name):
            problems.append(_("%(name)s was changed or added") % {"name": name})
    return problems
