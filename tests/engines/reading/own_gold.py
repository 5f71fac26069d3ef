"""Our own gold of the developer documents: offsets and numbers only; the words are cut from the documents at test time.

A file holds ``doc``, ``file`` (under the shared folder), ``sha256`` of that file's text, ``held_out`` (not looked at while
the reader was tuned) and the gold in the scorer's shape, in which ``{"at": [start, end]}`` stands for ``text[start:end]``.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "gold_files", "load"]

FOLDER = Path(__file__).parent / "gold"


def gold_files(side: str) -> Iterator[Path]:
    """Files of the ``plan`` side (tasks and targets of plans, targets of policies) or of the ``policy`` side."""
    for path in sorted(FOLDER.glob("*.json")):
        if path.stem.startswith("policy_") == (side == "policy"):
            yield path


def load(path: Path, shared: Path) -> tuple[dict[str, Any], str]:
    """The gold with its words, and the document's text; an error if the document is not the one annotated."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    text = (shared / raw["file"]).read_text(encoding="utf-8")
    if hashlib.sha256(text.encode()).hexdigest() != raw["sha256"]:
        raise ValueError(f"{raw['file']} is not the document that {path.name} was written for")
    filled = _fill(raw, text)
    assert isinstance(filled, dict)
    return filled, text


def _fill(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"at"}:
            start, end = value["at"]
            return text[start:end]
        return {key: _fill(item, text) for key, item in value.items()}
    return [_fill(item, text) for item in value] if isinstance(value, list) else value
