"""A backup: every row and every stored file in one zip, readable on either database."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from auditlog.context import disable_auditlog
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from gangshen import __version__
from gangshen.web.errors import Refused

__all__ = ["backup", "restore"]

_CHUNK = 1000
_LEFT_OUT = {"contenttypes.ContentType", "auth.Permission", "sessions.Session", "django_tasks_database.DBTaskResult"}


class _Whole(DjangoJSONEncoder):
    """Times to the microsecond: Django's own encoder cuts them, and the seals of the audit trail would break."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


def _models() -> Iterator[type[models.Model]]:
    for model in serializers.sort_dependencies(
        [(config, None) for config in apps.get_app_configs()], allow_cycles=True
    ):
        if model._meta.managed and not model._meta.proxy and model._meta.label not in _LEFT_OUT:
            yield model


def backup(file: Path) -> None:
    """Write the backup beside ``file`` first, then move it there: a cut-off backup leaves no half file."""
    if file.exists():
        raise Refused(f"{file} exists.", "Choose another name.")
    unfinished = file.with_name(file.name + ".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as out, transaction.atomic():
        out.writestr("backup.json", json.dumps({"version": __version__, "models": [m._meta.label for m in _models()]}))
        for model in _models():
            rows = model._base_manager.order_by("pk").iterator(chunk_size=_CHUNK)
            with out.open(f"rows/{model._meta.label}.jsonl", "w") as raw, io.TextIOWrapper(raw, "utf-8") as text:
                serializers.serialize(
                    "jsonl", rows, stream=text, cls=_Whole, use_natural_foreign_keys=True, ensure_ascii=False
                )
        stored = settings.HOME / "files"
        for one in sorted(stored.rglob("*")) if stored.is_dir() else ():
            if one.is_file():
                out.write(one, f"files/{one.relative_to(stored).as_posix()}")
    unfinished.replace(file)


def restore(file: Path) -> int:
    """Restore into an empty database, all or nothing; returns the number of rows."""
    call_command("migrate", interactive=False, verbosity=0)
    try:
        archive = zipfile.ZipFile(file)
        about = json.loads(archive.read("backup.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Refused(
            f"{file} is no backup of Gangshen: {error}", "Give a file that `gangshen backup` wrote."
        ) from error
    with archive:
        taken = [model._meta.label for model in _models() if model._base_manager.exists()]
        if taken:
            raise Refused(f"The database is not empty ({', '.join(taken[:3])} …).", "Restore with a new GANGSHEN_HOME.")
        rows = 0
        # The trail comes from the backup; restoring it must not write a trail of its own.
        with disable_auditlog(), transaction.atomic(), connection.constraint_checks_disabled():
            for label in about["models"]:
                rows += _restore_model(archive, label)
            _reset_sequences()
        connection.check_constraints()
        for name in archive.namelist():
            if name.startswith("files/"):
                _place(settings.HOME / "files", name.removeprefix("files/"), archive.read(name))
    return rows


def _restore_model(archive: zipfile.ZipFile, label: str) -> int:
    model, rows, count = apps.get_model(label), [], 0
    with archive.open(f"rows/{label}.jsonl") as raw:
        for one in serializers.deserialize("jsonl", io.TextIOWrapper(raw, "utf-8"), handle_forward_references=True):
            if one.m2m_data:
                one.save()
                count += 1
                continue
            rows.append(one.object)
            if len(rows) == _CHUNK:
                count += len(model._base_manager.bulk_create(rows))
                rows = []
    return count + len(model._base_manager.bulk_create(rows))


def _reset_sequences() -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), list(_models()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _place(root: Path, name: str, data: bytes) -> None:
    target = (root / name).resolve()
    if not target.is_relative_to(root.resolve()):
        raise Refused(f"The backup names a file outside the store: {name}", "Don't use this file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
