"""``gangshen identity``: users and roles from the command line, as for the first log-in of a live zone."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer()


@app.command("users")
def users() -> None:
    """List users with their roles."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity.models import User

    for user in User.objects.prefetch_related("role_grants"):
        roles = ", ".join(sorted(grant.role for grant in user.role_grants.all())) or "-"
        state = "" if user.is_active else " (disabled)"
        typer.echo(f"{user.username:<20} {user.display_name:<16} {roles}{state}")


@app.command("create")
def create(
    username: str,
    role: Annotated[list[str], typer.Option(help="A role; may be given several times.")],
    name: Annotated[str, typer.Option(help="Name to show.")] = "",
    organisation: Annotated[str, typer.Option(help="Key of the organisation he acts for.")] = "",
) -> None:
    """Create a user; asks for the password twice."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity import services

    home = services.organisation(organisation) if organisation else None
    password = _asked()
    services.create_user(
        username, password, by=None, now=services.now(), display_name=name, organisation=home, roles=role
    )
    typer.echo(f"{username}: {', '.join(role)}", err=True)


@app.command("password")
def password(username: str) -> None:
    """Set a user's password; asks for it twice."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity import services

    services.change_password(services.user_named(username), _asked(), by=None)


@app.command("unlock")
def unlock(username: str) -> None:
    """Lift the lock that failed log-ins laid on a name."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.identity import services

    lifted = services.unlock(username)
    typer.echo(f"{username}: {'unlocked' if lifted else 'was not locked'}", err=True)


def _asked() -> str:
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return given
