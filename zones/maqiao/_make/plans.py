"""Adopt the plans that the sample documents hold, as a clerk would, and write them as the zone's `plans/*.yaml`.

Run `python zones/maqiao/_make/plans.py`. The zone is loaded into a database of its own that is thrown away; what the
documents do not say (English names, reports of the units, the series a target is measured by) comes from `plans.yaml`.
What each item became is noted in `documents/documents.yaml`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ZONE = HERE.parent


def adopted(home: Path) -> dict[str, dict[str, Any]]:
    """The plans read in the documents whose items are accepted, by key, as the program would write them."""
    os.environ["GANGSHEN_HOME"] = str(home / "home")
    os.environ.pop("GANGSHEN_DATABASE_URL", None)
    from gangshen.web.boot import boot

    boot()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from gangshen.apps.documents import portable as filed
    from gangshen.apps.documents import services as documents
    from gangshen.apps.documents.models import Document, Item
    from gangshen.apps.plans import portable
    from gangshen.cli import folders
    from gangshen.engines.formats import load_yaml

    folder = home / "zone"
    shutil.copytree(ZONE, folder, ignore=shutil.ignore_patterns("plans", "policies", "registers", "cases"))
    folders.fill(folder)
    Item.objects.update(adopted_as="")
    for document in Document.objects.filter(readings__items__state="accepted").distinct():
        documents.adopt(document, actor=None, now=timezone.now())
    portable.dump(home / "out")
    filed.dump(home / "out")
    written = sorted((home / "out" / "plans").glob("*.yaml"))
    return {path.stem: load_yaml(path, portable.PlanFile).model_dump() for path in written}


def noted(home: Path) -> str:
    """`documents.yaml` with what the items of the adopted documents became; the rest as it is."""
    from gangshen.apps.documents.portable import DocumentsFile
    from gangshen.engines.formats import dump_yaml, load_yaml

    name = Path("documents") / "documents.yaml"
    decided = {one.key: one.decisions for one in load_yaml(home / "out" / name, DocumentsFile).documents}
    kept = [
        one.model_copy(update={"decisions": decided[one.key]}) if one.accepted else one
        for one in load_yaml(ZONE / name, DocumentsFile).documents
    ]
    return dump_yaml(DocumentsFile(documents=tuple(kept)))


def completed(plan: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The plan with what ``more`` adds: to the plan, to tasks by number and to targets by subject.

    A task or target that ``more`` names and the document does not hold raises KeyError.
    """
    plan = {**plan, **more.get("plan", {})}
    tasks = {str(task["number"]): task for task in plan["tasks"]}
    for number, added in more.get("tasks", {}).items():
        tasks[str(number)] |= added
    said = more.get("targets", {})
    unheard = set(said) - {target["subject"]["zh"] for target in plan["targets"]}
    if unheard:
        raise KeyError(f"{plan['key']} has no target {'、'.join(sorted(unheard))}")
    for target in plan["targets"]:
        added = dict(said.get(target["subject"]["zh"], {}))
        target["series"] = None  # measured by no series until one is named
        target["subject"]["en"] = added.pop("en", None)
        target |= added
    return plan


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        plans = adopted(Path(made))
        listing = noted(Path(made))
    from gangshen.apps.plans.portable import PlanFile
    from gangshen.engines.formats import dump_yaml, load_yaml

    more = load_yaml(HERE / "plans.yaml", dict)
    (ZONE / "documents" / "documents.yaml").write_text(listing, encoding="utf-8")
    (ZONE / "plans").mkdir(exist_ok=True)
    for key, plan in plans.items():
        entry = PlanFile.model_validate(completed(plan, more.get(key, {})))
        (ZONE / "plans" / f"{key}.yaml").write_text(dump_yaml(entry), encoding="utf-8")
        sys.stdout.write(f"{key}: {len(entry.tasks)} tasks, {len(entry.targets)} targets\n")


if __name__ == "__main__":
    main()
