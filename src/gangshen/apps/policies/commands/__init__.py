"""``gangshen policies``: who gets what, and are the policy files sound."""

from __future__ import annotations

from typing import Annotated

import typer

from ._check import check
from ._confirm import confirm_list
from ._granted import granted_import, granted_undo
from ._match import match
from ._rule import rule
from ._what_if import what_if

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None)
app.command("match")(match)
app.command("check")(check)
app.command("rule")(rule)
app.command("what-if")(what_if)
app.command("confirm-list")(confirm_list)
app.command("granted-import")(granted_import)
app.command("granted-undo")(granted_undo)


@app.command("list")
def list_() -> None:
    """The policies with the edition that applies today."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.services import today
    from gangshen.apps.policies import services
    from gangshen.apps.policies.models import Policy

    applying = {edition.key: edition.version.version for edition in services.editions_in_force(today())}
    for policy in Policy.objects.all():
        typer.echo(f"{policy.key:<28} {applying.get(policy.key, '-'):<10} {policy.title}")


@app.command("show")
def show(key: Annotated[str, typer.Argument(help="The policy's key.")]) -> None:
    """The policy file of one policy."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.policies import services
    from gangshen.apps.policies.models import Policy
    from gangshen.web.errors import Refused

    policy = Policy.objects.filter(key=key).first()
    if policy is None:
        raise Refused(f"There is no policy {key}.", "List them with `gangshen policies list`.")
    typer.echo(services.file_of(policy), nl=False)
