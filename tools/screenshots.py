"""Take the pictures of docs/images through Chromium; fails when a page breaks the content policy or logs an error.

``screenshots.py``                   the pictures of the README, of a fresh demo zone
``screenshots.py --out DIR PATH…``   any pages: each in both languages, on desktop and phone
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

import browser

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PICTURES = {  # name → (log-in, path, screens)
    "today": ("operator", "/", ("desktop", "phone")),
    "target": ("operator", "/plans/targets/operating-plan-2026-g73/", ("desktop",)),
    "review": ("operator", "/documents/support-measures/", ("desktop",)),
    "policy": ("operator", "/policies/compute-subsidy/", ("desktop",)),
    "enterprise": ("firm", "/my/", ("phone",)),
}


def _light(file: Path) -> None:
    """256 colours are enough for a page, and a quarter of the bytes."""
    with Image.open(file) as image:
        image.convert("RGB").quantize(256).save(file, optimize=True)


def _name(path: str) -> str:
    return path.split("?")[0].strip("/").replace("/", "-") or "front"


def take(window: browser.Window, name: str, path: str, screens: Iterable[str], out: Path, *, whole: bool) -> None:
    for language in browser.LANGUAGES:
        for kind in screens:
            window.speak(language)
            window.size(*browser.SIZES[kind])
            window.open(path)
            file = out / f"{name}-{language}-{kind}.png"
            window.picture(file, whole=whole)
            _light(file)
            if window.overflows():
                window.faults.append(f"{path}: scrolls sideways ({language}, {kind})")
            sys.stdout.write(f"{file}\n")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", help="pages to take instead of those of the README")
    parser.add_argument("--out", type=Path, default=IMAGES)
    parser.add_argument("--user", default="operator", help="log-in that opens the pages given")
    parser.add_argument("--zone", type=Path, help="another zone folder than the demo's")
    parser.add_argument("--home", type=Path, help="keep the zone's data here, to be quicker the next time")
    parser.add_argument("--whole", action="store_true", help="the whole page, not the first screen")
    given = parser.parse_args(arguments)
    if reason := browser.missing():
        parser.exit(1, f"{reason}: apt install chromium chromium-driver\n")
    pictures = {_name(path): (given.user, path, tuple(browser.SIZES)) for path in given.paths} or PICTURES
    with (
        tempfile.TemporaryDirectory(prefix="gangshen-shots-") as made,
        browser.running_zone(given.home or Path(made), folder=given.zone) as zone,
        browser.window(zone.url) as window,
    ):
        at = ""
        for name, (user, path, screens) in pictures.items():
            if user != at:
                window.log_in(user, zone.log_ins[user])
                at = user
            take(window, name, path, screens, given.out, whole=given.whole)
    faults = list(dict.fromkeys(window.faults))
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
