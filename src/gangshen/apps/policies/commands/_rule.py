"""``gangshen policies rule``: one rule for other software and other readers."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ._check import vocabulary_of

if TYPE_CHECKING:
    from gangshen.engines.rules import Clause
    from gangshen.engines.vocabulary import Vocabulary

__all__ = ["rule"]


def rule(
    path: Annotated[Path | None, typer.Argument(help="A policy file.")] = None,
    version: Annotated[str | None, typer.Option(help="The edition; default: the last in the file.")] = None,
    sql: Annotated[str | None, typer.Option(help="Print it as SQL for sqlite or postgresql.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Columns of the table, with commas; default: all it reads.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day SQL decides for, YYYY-MM-DD; default: its first day.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Print it as a sentence, zh or en.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of rules.")] = False,
) -> None:
    """One rule as JSON, as a sentence, or as SQL to preview it inside a database."""
    from gangshen.engines.benefits import load_policies
    from gangshen.engines.rules import clauses, rule_schema, sentence, to_json, to_sql
    from gangshen.web.errors import Refused

    if schema:
        typer.echo(json.dumps(rule_schema(), ensure_ascii=False, indent=1))
        return
    if path is None:
        raise Refused("No policy file named.", "Give one, or --schema.")
    (policy,) = load_policies([path])
    named = [one.version for one in policy.versions]
    if version is not None and version not in named:
        raise Refused(f"{policy.id} has no edition {version}.", f"It has {', '.join(named)}.")
    edition = policy.version(version or named[-1])
    zone = path.resolve().parent.parent
    words = vocabulary_of(zone if (zone / "zone.yaml").is_file() else None)
    if language is not None:
        typer.echo(sentence(edition.eligibility, language, words))
    elif sql is not None:
        if sql not in ("sqlite", "postgresql"):
            raise Refused(f"No SQL for {sql}.", "Use sqlite or postgresql.")
        day = _day(as_of) or edition.valid_from
        if day is None:
            raise Refused(f"{policy.id} {edition.version} has no first day.", "Give --as-of.")
        read = {key for clause in clauses(edition.eligibility) for key in _read(clause, words, day)}
        given = {name.strip() for name in columns.split(",")} if columns else read
        dialect = "sqlite" if sql == "sqlite" else "postgresql"
        typer.echo(to_sql(edition.eligibility, words, day, columns=given, dialect=dialect))
    else:
        typer.echo(json.dumps(to_json(edition.eligibility), ensure_ascii=False, indent=1))


def _read(clause: Clause, words: Vocabulary, day: dt.date) -> list[str]:
    """The columns of a snapshot that a clause reads: of a figure that is kept by the year, those of the years asked."""
    from gangshen.engines.rules import period_keys
    from gangshen.engines.vocabulary import Period

    if clause.attribute is None or clause.attribute not in words:
        return []
    rests_on = (clause.attribute, *words.inputs(clause.attribute))
    periods = (
        period_keys(clause.period, day) if any(words.get(id).period is not Period.STATE for id in rests_on) else ()
    )
    return [f"{clause.attribute}@{period}" for period in periods or ()] or [clause.attribute]


def _day(text: str | None) -> dt.date | None:
    from gangshen.web.errors import Refused

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"{text} is no day.", "Write 2026-11-21.") from None
