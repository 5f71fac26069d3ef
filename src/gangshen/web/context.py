"""What every page's template knows: the zone, its date, the age of its data, the menu of this user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from .formatting import day
from .hookpoints import NAVIGATION, HookPoint

__all__ = ["FRAME", "Frame", "MenuItem", "bar", "frame_of", "menu", "page"]

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    zone: Any = ""  # str or Text
    today: date | None = None  # the zone's date
    demo: bool = False  # is that date fixed by a demo zone?
    data_at: datetime | None = None  # when data last arrived
    sources: int | None = None
    stale: int = 0
    sources_url: str = ""
    role: Any = ""  # what the user is here, shown beside the name
    help_url: str = ""

    @property
    def demo_words(self) -> str:
        """How a demo zone's fixed date is announced."""
        return _("Demo date %(day)s") % {"day": day(self.today)} if self.demo else ""


FRAME: HookPoint[Callable[[HttpRequest], Frame]] = HookPoint("frame")  # the console registers one, "zone"


@dataclass(frozen=True, slots=True)
class MenuItem:
    key: str
    label: Any
    url: str
    icon: str
    on: bool  # this entry or one below it is open
    current: bool
    count: int | None
    children: tuple[MenuItem, ...] = ()


def menu(request: HttpRequest, key: str | None = None) -> list[MenuItem]:
    """The first level of the menu for this user, the open entry with its children.

    The open entry is ``key`` when a page names one, else the entry whose address is the longest start of this address.
    """
    user = getattr(request, "user", None)
    shown = {name: entry for name, entry in NAVIGATION.items() if entry.allowed(user)}
    urls = {name: reverse(entry.url) for name, entry in shown.items() if entry.url}
    for name in [name for name in shown if name not in urls]:
        below = next((urls[child] for child, entry in shown.items() if entry.parent == name and child in urls), None)
        if below is None:
            del shown[name]
        else:
            urls[name] = below
    current = key if key in shown else _nearest(request.path, urls, shown)
    on = (shown[current].parent or current) if current else None

    def item(name: str) -> MenuItem:
        entry = shown[name]
        below = tuple(item(child) for child in shown if shown[child].parent == name) if name == on else ()
        return MenuItem(
            name,
            entry.label,
            urls[name],
            entry.icon,
            on=name in (on, current),
            current=name == current,
            count=entry.count(user) if entry.count else None,
            children=below,
        )

    return [item(name) for name, entry in shown.items() if entry.parent is None]


def _nearest(path: str, urls: dict[str, str], shown: dict[str, Any]) -> str | None:
    fitting = [name for name, url in urls.items() if path == url or (url != "/" and path.startswith(url))]
    # a first entry often leads to its first child: the child is the more exact answer
    return max(fitting, key=lambda name: (len(urls[name]), shown[name].parent is not None), default=None)


def bar(items: list[MenuItem], slots: int = 4) -> list[MenuItem]:
    """The entries of the phone's bottom bar; the rest stands behind *More*."""
    return items[:slots]


def frame_of(request: HttpRequest) -> Frame:
    """What stands around every page of this request."""
    known = "zone" in FRAME and hasattr(request, "user")  # a request refused at the door has no user yet
    return FRAME.get("zone")(request) if known else Frame()


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` (read on first use) and ``theme`` (auto, light or dark)."""
    theme = request.COOKIES.get("theme", "auto")
    return {"frame": SimpleLazyObject(lambda: frame_of(request)), "theme": theme if theme in THEMES else "auto"}
