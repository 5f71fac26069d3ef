"""Text of an .ofd (GB/T 33190): zipped XML whose pages place text objects."""

from __future__ import annotations

import posixpath
import re
import zipfile
from xml.etree import ElementTree

from ._archive import open_archive, part
from ._columns import Line
from ._errors import EncryptedDocument, ScannedDocument, UnreadableDocument
from ._layout import assemble, rejoin
from ._model import SourceText

__all__ = ["extract_ofd"]


def extract_ofd(data: bytes, name: str) -> SourceText:
    """Read the text objects of all pages; page templates (running heads) are left out."""
    archive = open_archive(data, name)
    if any(path.endswith("Encryptions.xml") for path in archive.namelist()):
        raise EncryptedDocument(name)
    lines: list[Line] = []
    pages = 0
    for path in _pages(archive, name):
        pages += 1
        lines += _page_lines(_tree(archive, path, name), pages)
    if pages == 0:
        raise UnreadableDocument(name, "no pages")
    if not lines:
        raise ScannedDocument(name)
    return assemble(name, "ofd", rejoin(lines), pages)


def _tree(archive: zipfile.ZipFile, path: str, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(part(archive, path, name))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableDocument(name, f"part {path} is broken") from error


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _pages(archive: zipfile.ZipFile, name: str) -> list[str]:
    out = []
    for node in _tree(archive, "OFD.xml", name).iter():
        if _local(node) != "DocRoot" or not node.text:
            continue
        root = node.text.strip().lstrip("/")
        folder = posixpath.dirname(root)
        for page in _tree(archive, root, name).iter():
            location = page.get("BaseLoc")
            if _local(page) == "Page" and location:
                path = location.lstrip("/") if location.startswith("/") else posixpath.join(folder, location)
                out.append(posixpath.normpath(path))
    return out


def _page_lines(root: ElementTree.Element, page: int) -> list[Line]:
    placed: list[Line] = []
    for node in root.iter():
        if _local(node) != "TextObject":
            continue
        box = _numbers(node.get("Boundary"))
        size = (_numbers(node.get("Size")) or [4.0])[0]
        if len(box) < 4:
            continue
        for code in node:
            text = (code.text or "").strip() if _local(code) == "TextCode" else ""
            if text:
                left = box[0] + (_numbers(code.get("X")) or [0.0])[0]
                top = box[1] + (_numbers(code.get("Y")) or [0.0])[0]
                right = left + _width(code, text, size)
                placed.append(Line(text, left, max(right, left), top, max(size, 0.1), page))
    return _same_line(placed)


def _width(code: ElementTree.Element, text: str, size: float) -> float:
    """From the printed steps (``g 12 4.2`` repeats a step twelve times), else from the size of the letters."""
    steps: list[float] = []
    words = (code.get("DeltaX") or "").split()
    index = 0
    while index < len(words):
        if words[index] == "g" and index + 2 < len(words):
            times, step = _numbers(words[index + 1]), _numbers(words[index + 2])
            steps += [step[0] if step else 0.0] * min(int(times[0]) if times else 0, len(text))
            index += 3
        else:
            steps += _numbers(words[index])
            index += 1
    if steps:
        return sum(steps[: len(text)]) + size
    return sum(size if ord(c) > 255 else size * 0.5 for c in text)


def _numbers(text: str | None) -> list[float]:
    return [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?", text or "")]


def _same_line(placed: list[Line]) -> list[Line]:
    """Objects on one base line are one line, from left to right."""
    out: list[Line] = []
    for item in sorted(placed, key=lambda x: (round(x.top, 1), x.left)):
        last = out[-1] if out else None
        if (
            last is not None
            and abs(last.top - item.top) <= 0.4 * max(last.height, item.height)
            and item.left >= last.left
        ):
            gap = "\t" if item.left - last.right > 2.5 * item.height else ""
            out[-1] = Line(
                last.text + gap + item.text,
                last.left,
                max(last.right, item.right),
                last.top,
                max(last.height, item.height),
                last.page,
            )
        else:
            out.append(item)
    return out
