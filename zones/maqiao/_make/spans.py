"""Set the spans of the policies to where their quotes stand now: run `python zones/maqiao/_make/spans.py`.

A quote that no longer stands in its document is named and nothing is written.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

from gangshen.engines.formats import load_yaml
from gangshen.engines.reading import extract

ZONE = Path(__file__).parents[1]
PAIR = re.compile(r"^(?P<head> +quote: (?P<quote>.+)\n +span: )\{[^}]*document: (?P<document>[a-z0-9-]+)\}$", re.M)


@cache
def text_of(document: str) -> str:
    """The text read from the document's file."""
    entries = load_yaml(ZONE / "documents" / "documents.yaml", dict)["documents"]
    (name,) = (entry["file"] for entry in entries if entry["key"] == document)
    return extract((ZONE / "documents" / name).read_bytes(), name).text


def renewed(policy: str) -> str:
    """The policy file's text with its spans as they are now; raises ValueError naming the quotes that are gone.

    A quote that stands more than once is meant where the last span left off, so a policy quotes in the text's order
    from its own article on.
    """
    own = _article(policy)
    gone: list[str] = []

    def put(found: re.Match[str]) -> str:
        quote, document = load_yaml(found["quote"], str), found["document"]
        text = text_of(document)
        start = text.find(quote, own.get(document, 0))
        start = text.find(quote) if start < 0 else start
        if start < 0:
            gone.append(f"{document}: {quote}")
        return f"{found['head']}{{start: {start}, end: {start + len(quote)}, document: {document}}}"

    text = PAIR.sub(put, policy)
    if gone:
        raise ValueError("; ".join(gone))
    return text


def _article(policy: str) -> dict[str, int]:
    """Where the article begins that says what is given: its longest quote stands once."""
    found: dict[str, int] = {}
    longest: dict[str, str] = {}
    for pair in PAIR.finditer(policy):
        quote, document = load_yaml(pair["quote"], str), pair["document"]
        if len(quote) > len(longest.get(document, "")) and text_of(document).count(quote) == 1:
            longest[document] = quote
            found[document] = text_of(document).rfind("\n", 0, text_of(document).find(quote)) + 1
    return found


if __name__ == "__main__":
    for path in sorted((ZONE / "policies").glob("*.yaml")):
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
        sys.stdout.write(f"{path.name}\n")
