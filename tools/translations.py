"""List the words of pages and commands that have no Chinese yet: ``.venv/bin/python tools/translations.py``.

Exit status 1 when some are missing. The catalogue is edited by hand; this prints entries ready to be completed.
``--tidy`` drops from the catalogue what stands in it twice, which merges of two blocks can leave.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "gangshen"
CATALOGUE = PACKAGE / "web/locale/zh_Hans/LC_MESSAGES/django.po"
HEAD = re.compile(r'^(?:msgctxt|msgid|msgid_plural|) ?"(?:.*)"$', re.MULTILINE)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _sources() -> Iterator[tuple[Path, str, bytes]]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py":
            yield path, "python", path.read_bytes()
        elif path.suffix == ".html":
            yield path, "javascript", templatize(path.read_text(encoding="utf-8")).encode()


def wanted() -> Catalog:
    """Every message of the code and the templates, with the places where it stands."""
    catalogue = Catalog(locale="zh_Hans")
    for path, method, source in _sources():
        found = extract(method, io.BytesIO(source), keywords=KEYWORDS, options={"encoding": "utf-8"})
        for line, message, _, context in found:
            place = (str(path.relative_to(ROOT)), line)
            if message and message != ("", ""):
                catalogue.add(message, locations=[place], context=context, flags=())
    return catalogue


def present() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def missing() -> list[Message]:
    """Messages without a translation, or with one that is marked as a guess (fuzzy)."""
    known = present()
    found = []
    for message in wanted():
        entry = known.get(message.id, context=message.context) if message.id else message
        if message.id and (entry is None or not _complete(entry) or entry.fuzzy):
            found.append(message)
    return found


def faults() -> list[str]:
    """Translations that lose or invent a placeholder."""
    return [f"{message.id!r}: {error}" for message, errors in present().check() for error in errors]


def _complete(message: Message) -> bool:
    parts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return any(parts)


def blocks() -> list[tuple[str, str]]:
    """The catalogue's blocks with the message each is for; comments between them have none."""
    parts = CATALOGUE.read_text(encoding="utf-8").strip("\n").split("\n\n")
    return [("".join(HEAD.findall(part.split("\nmsgstr")[0])), part) for part in parts]


def repeated() -> list[str]:
    heads = [head for head, _ in blocks() if head]
    return sorted({head for head in heads if heads.count(head) > 1})


def tidy() -> None:
    kept: dict[str, str] = {}
    for number, (head, part) in enumerate(blocks()):
        kept.setdefault(head or f"#{number}", part)
    CATALOGUE.write_text("\n\n".join(kept.values()) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    if arguments == ["--tidy"]:
        tidy()
        return 0
    absent = missing()
    listed = Catalog(locale="zh_Hans")
    for message in absent:
        listed.add(message.id, locations=message.locations, context=message.context)
    if absent:
        write_po(sys.stdout.buffer, listed, omit_header=True, width=110)
    for fault in faults():
        sys.stderr.write(fault + "\n")
    return 1 if absent or faults() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
