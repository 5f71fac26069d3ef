"""What a user is told when something can't be done."""

from __future__ import annotations

__all__ = ["Refused"]


class Refused(Exception):
    """A request that can't be carried out, in words, with what to do about it.

    Pages show it as a message (status 409), the API as ``{"message", "remedy"}``, the command line prints it and exits
    with 1. Nothing of the refused change is kept.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy
