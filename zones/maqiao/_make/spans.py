"""Set the spans of the policies and the evidence of the figures to where their quotes stand now.

Run `python zones/maqiao/_make/spans.py`. The policies hold their quotes; those of the figures are in `quotes.csv`. A
quote that no longer stands in its document is named and nothing is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
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


def evidence(document: str, quote: str) -> str:
    """The reference of a quote; raises ValueError when it does not stand in the document."""
    text = text_of(document)
    start = text.find(quote)
    if start < 0:
        raise ValueError(f"{document}: {quote}")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"doc:{document}@{digest}#{start}-{start + len(quote)}"


def proved(observations: str) -> str:
    """`observations.csv` with the evidence of every figure that `quotes.csv` names; raises ValueError as above, and for
    a figure that is not there."""
    with (Path(__file__).parent / "quotes.csv").open(encoding="utf-8", newline="") as file:
        quotes = {(row["series"], row["at"]): evidence(row["document"], row["quote"]) for row in csv.DictReader(file)}
    table = csv.DictReader(io.StringIO(observations))
    rows = list(table)
    lacking = quotes.keys() - {(row["series"], row["at"]) for row in rows}
    if lacking:
        raise ValueError(f"no such figure: {sorted(lacking)}")
    out = io.StringIO()
    writer = csv.DictWriter(out, table.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {"evidence": quotes.get((row["series"], row["at"]), "")} for row in rows)
    return out.getvalue()


if __name__ == "__main__":
    for path in sorted((ZONE / "policies").glob("*.yaml")):
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
        sys.stdout.write(f"{path.name}\n")
    file = ZONE / "indicators" / "observations.csv"
    file.write_text(proved(file.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    sys.stdout.write(f"{file.name}\n")
