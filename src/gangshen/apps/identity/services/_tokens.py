"""Keys for the API. A key is shown once; its digest is kept; it may do what its owner may."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.utils.translation import gettext as _

from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Token, User
from gangshen.web.errors import Refused

__all__ = ["issue_token", "revoke_token", "user_for_token"]

DAYS = 365
_TOUCH = dt.timedelta(minutes=1)


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def issue_token(user: User, name: str, *, now: dt.datetime, days: int = DAYS) -> str:
    """Make a key of ``user``, good for ``days`` days, and return it; it can't be read again."""
    if not name.strip():
        raise Refused(_("A key needs a name."), _("Name what will use it, such as “monthly report”."))
    plain = f"gs_{secrets.token_urlsafe(32)}"
    Token.objects.create(
        user=user, name=name.strip(), digest=_digest(plain), created_at=now, expires_at=now + dt.timedelta(days=days)
    )
    return plain


def revoke_token(token: Token, *, by: User | None) -> None:
    """Delete a key; its owner may, and who may delete keys. Raises PermissionDenied."""
    if by is not None and by.pk != token.user_id:
        require(by, "delete", token)
    token.delete()


def user_for_token(plain: str, now: dt.datetime) -> User | None:
    """Whose key it is; None when it is unknown, expired, or its owner is disabled."""
    token = Token.objects.select_related("user").filter(digest=_digest(plain)).first()
    if token is None or not token.user.is_active or (token.expires_at and token.expires_at <= now):
        return None
    if token.last_used_at is None or abs(now - token.last_used_at) >= _TOUCH:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user
