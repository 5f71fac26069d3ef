"""What a connector may reach: no address inside the house unless the installation allows it."""

from __future__ import annotations

import ipaddress
import os
import socket

from django.conf import settings
from django.utils.translation import gettext as _

__all__ = ["PullError", "address_of", "setting", "socket_of"]


class PullError(RuntimeError):
    """The source could not be read; the message says why and what to do."""


def setting(name: str) -> str:
    """The environment setting of this name; it is never shown."""
    value = os.environ.get(name, "")
    if not value:
        raise PullError(_("%(name)s is not set; set it where the console runs.") % {"name": name})
    return value


def address_of(host: str, port: int) -> str:
    """The address to connect to, looked up once, so that what was checked is what is reached.

    Raises :class:`PullError` for a name that leads inside (loopback, private, link-local) and is not allowed.
    """
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise PullError(_("%(host)s is not found: %(reason)s.") % {"host": host, "reason": error}) from error
    inside = sorted(one for one in found if not ipaddress.ip_address(str(one).partition("%")[0]).is_global)
    if inside and host not in settings.CONFIG.internal_hosts:
        told = {"host": host, "address": inside[0]}
        raise PullError(
            _("%(host)s leads to an internal address (%(address)s); allow it with GANGSHEN_INTERNAL_HOSTS.") % told
        )
    return str(sorted(found)[0])


def socket_of(folder: str) -> None:
    """A socket of this machine instead of an address: allowed as ``localhost`` is; there is nothing to look up."""
    if "localhost" not in settings.CONFIG.internal_hosts:
        raise PullError(
            _("%(folder)s is a socket of this machine; allow it with GANGSHEN_INTERNAL_HOSTS=localhost.")
            % {"folder": folder}
        )
