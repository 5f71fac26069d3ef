"""The strata hold: imports, foreign keys and migrations point down only."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from houseplan import PACKAGE, ROOT

# Siblings share a level; a lower number is a lower app.
LEVELS = {
    "identity": 0,
    "archive": 1,
    "runs": 2,
    "cases": 3,
    "registers": 4,
    "documents": 5,
    "indicators": 5,
    "money": 5,
    "policies": 6,
    "plans": 7,
    "visits": 7,
    "chain": 7,
    "ladder": 7,
}


def points_down(user: str, used: str) -> bool:
    return user == used or LEVELS[used] < LEVELS[user]


def test_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_app_has_a_level() -> None:
    folders = {path.name for path in (PACKAGE / "apps").iterdir() if (path / "apps.py").exists()}
    assert folders == set(LEVELS) == set(settings.STRATA)


def test_levels_are_the_order_of_the_settings() -> None:
    assert [LEVELS[name] for name in settings.STRATA] == sorted(LEVELS.values())


def test_no_relation_points_up() -> None:
    relations = [
        (model, field)
        for model in apps.get_models()
        if model._meta.app_label in LEVELS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and getattr(field.related_model, "_meta", None)
    ]
    assert relations, "the walk over the models found no relation at all"
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model, field in relations
        if (used := field.related_model._meta.app_label) in LEVELS and not points_down(model._meta.app_label, used)
    ]
    assert not upward


def test_no_migration_depends_up() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    upward = [
        f"{label}.{name} → {used}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in LEVELS
        for used, _ in migration.dependencies
        if used in LEVELS and not points_down(label, used)
    ]
    assert not upward


@pytest.mark.parametrize("name", ["gangshen.cli"])
def test_help_loads_neither_django_nor_polars(name: str) -> None:
    code = (
        "import sys; sys.argv = ['gangshen', '--help']\n"
        f"import {name} as cli\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'django', 'polars', 'numpy', 'pyarrow', 'tantivy'} & set(sys.modules)\n"
        "sys.exit(f'loaded for --help: {sorted(heavy)}' if heavy else 0)\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
