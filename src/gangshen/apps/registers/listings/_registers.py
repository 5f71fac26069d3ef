"""Lists of the registers: enterprises over the snapshot, imports, values that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import Batch, Record
from gangshen.apps.registers.services import (
    CHOSEN,
    CONFLICTS,
    CodeState,
    Snapshot,
    attributes,
    code_state,
    conflicts,
    named,
    names,
    readable_attributes,
    shown,
    snapshot,
    vocabulary,
)
from gangshen.engines.vocabulary import divisions_of, industries, town_column
from gangshen.web.formatting import label, number
from gangshen.web.listing import Column, Filter, Listing, View

__all__ = [
    "CODE_STATES",
    "CONFLICT_LIST",
    "ENTERPRISES",
    "IMPORTS",
    "batch_state",
    "enterprises",
]

_Pairs = tuple[tuple[str, str], ...]
_FRAME = [
    "id",
    "name",
    "synthetic",
    "uscc",
    "registered_division",
    "park",
    "operating_status",
    "size_class",
    "registered_on",
    "industry_registered",
    "certificates",
    "chain_nodes",
    "revenue",
    "rd_ratio",
    "insured_employees",
    "invention_patents",
    "account_manager",
    "last_visit",
]


def _sees_all(user: User) -> bool:
    return scope(user, "view", Record) == "all"


def _may(attribute: str) -> Callable[[User], bool]:
    return lambda user: attribute in readable_attributes(user)


def enterprises(user: User) -> pl.LazyFrame:
    """What the list of enterprises is made of: the snapshot's columns, the town without its code, lists in words."""
    titles = {one.type.zh: label(one.type) for one in vocabulary().certificates.values()}
    comma = ", " if (get_language() or "").startswith("en") else "、"
    frame = _laid_out(snapshot(), tuple(names().items()), tuple(titles.items()), comma)
    return (frame if _sees_all(user) else frame.head(0)).lazy()


@lru_cache(maxsize=4)
def _laid_out(taken: Snapshot, named: _Pairs, titles: _Pairs, comma: str) -> pl.DataFrame:
    """Laid out once for a snapshot and a language, in the order of names, in which the list opens."""
    columns = [*_columns(), *_words(dict(named), dict(titles), comma)]
    return taken.frame.select(columns).sort("name", nulls_last=True)


def _words(named: Mapping[str, str], titles: Mapping[str, str], comma: str) -> list[pl.Expr]:
    """Places, segments and titles as the language calls them, each list in one line."""
    field = pl.element().struct.field
    town = town_column(pl.col("registered_division"))

    def line(name: str, known: Mapping[str, str]) -> pl.Expr:
        types = pl.col(name).list.eval(field("type").replace(known))
        return types.list.unique(maintain_order=True).list.join(comma)

    until = pl.concat_str(pl.lit("→"), field("to").cast(pl.String))
    batch = pl.when(field("batch") != "").then(field("batch"))
    one = pl.concat_str(field("type").replace(titles), batch, until, separator=" ", ignore_nulls=True)
    return [
        town.replace(named).alias("town_words"),
        pl.col("park").replace(named).alias("park_words"),
        line("chain_nodes", named).alias("chain_words"),
        line("certificates", titles).alias("title_words"),
        pl.col("certificates").list.eval(one).list.join("；").alias("batches"),
    ]


def _columns() -> list[pl.Expr]:
    town = town_column(pl.col("registered_division")).alias("town")
    stale = [pl.col("revenue__stale"), pl.col("insured_employees__stale")]
    division = pl.col("industry_registered").str.extract(r"^[A-T]?(\d{2})").alias("division")
    sections = {number: letter for letter in _sections() for number in divisions_of(letter)}
    section = division.replace_strict(sections, default=None, return_dtype=pl.String).alias("section")
    named = pl.coalesce("name", "id").alias("name")
    return [*(pl.col(name) for name in _FRAME if name != "name"), named, town, division, section, *stale]


def _sections() -> list[str]:
    return [code for code, one in industries().items() if one.level == "section"]


def _industries(level: str) -> Callable[[User], Sequence[tuple[str, Any]]]:
    """Codes of one level of GB/T 4754 with their names."""
    return lambda user: [(code, f"{code} {one.name}") for code, one in industries().items() if one.level == level]


def _industry(row: Any) -> str:
    """The code with what it is called."""
    code = row["industry_registered"]
    return "" if code is None else shown(attributes()["industry_registered"], code)


CODE_STATES: dict[CodeState, Any] = {
    CodeState.VALID: gettext_lazy("valid"),
    CodeState.LEGACY: gettext_lazy("old 15-digit number"),
    CodeState.MASKED: gettext_lazy("masked"),
    CodeState.MISSING: gettext_lazy("missing"),
    CodeState.WRONG: gettext_lazy("wrong check digit or form"),
}


def _of_code_state(frame: pl.LazyFrame, chosen: Any) -> pl.LazyFrame:
    """Keep firms whose code is of the chosen states."""
    states = _code_states(snapshot())
    return frame.filter(pl.col("id").is_in(states.filter(pl.col("state").is_in(list(chosen)))["id"].implode()))


@lru_cache(maxsize=2)
def _code_states(taken: Snapshot) -> pl.DataFrame:
    """Codes are looked at one by one, so once for a snapshot and only when asked for."""
    state = pl.col("uscc").map_elements(lambda code: code_state(code).value, return_dtype=pl.String, skip_nulls=False)
    return taken.frame.select("id", state=state)


def _has(name: str) -> Callable[[pl.LazyFrame, Any], pl.LazyFrame]:
    """Keep rows whose list holds any of the chosen types."""
    types = pl.col(name).list.eval(pl.element().struct.field("type"))
    return lambda frame, chosen: frame.filter(types.list.eval(pl.element().is_in(list(chosen))).list.any())


def _certificates(user: User) -> Sequence[tuple[str, Any]]:
    return [(one.type.zh, one.type) for one in vocabulary().certificates.values()]


def _nodes(user: User) -> Sequence[tuple[str, Any]]:
    return [(one, named(one)) for one in _placed(snapshot())]


@lru_cache(maxsize=2)
def _placed(taken: Snapshot) -> list[str]:
    types = taken.frame.get_column("chain_nodes").drop_nulls().list.eval(pl.element().struct.field("type")).explode()
    return types.drop_nulls().unique().sort().to_list()


def _option(name: str) -> Callable[[Any], Any]:
    """An option of an attribute with its names in both languages."""
    return lambda held: next((one for one in attributes()[name].options if one.zh == held), held)


def _size(row: Any) -> Any:
    return _option("size_class")(row["size_class"])


def _stale(name: str) -> Callable[[Any], Any]:
    return lambda row: _("out of date") if row[f"{name}__stale"] else ""


def _answer(result: Any) -> str:
    return ngettext("%(n)s enterprise fits", "%(n)s enterprises fit", result.total) % {"n": number(result.total)}


ENTERPRISES = Listing(
    key="enterprises",
    title=gettext_lazy("Enterprise register"),
    noun=gettext_lazy("enterprises"),
    columns=[
        Column("name", gettext_lazy("Name"), main=True, second=lambda row: row["uscc"]),
        Column("town", gettext_lazy("Town"), value="town_words", allowed=_may("registered_division")),
        Column("park", gettext_lazy("Park"), value="park_words", allowed=_may("park"), phone=False),
        Column(
            "chain",
            gettext_lazy("Place in the chain"),
            value="chain_words",
            sort=False,
            allowed=_may("chain_nodes"),
        ),
        Column(
            "certificates",
            gettext_lazy("Titles"),
            value="title_words",
            sort=False,
            allowed=_may("certificates"),
        ),
        Column(
            "batches",
            gettext_lazy("Titles with batch and term"),
            sort=False,
            page=False,
            allowed=_may("certificates"),
        ),
        Column("size_class", gettext_lazy("Size"), "label", value=_size, sort="size_class", allowed=_may("size_class")),
        Column("revenue", gettext_lazy("Revenue"), "money", second=_stale("revenue"), allowed=_may("revenue")),
        Column("rd_ratio", gettext_lazy("R&D intensity"), "percent", allowed=_may("rd_ratio"), phone=False),
        Column(
            "insured",
            gettext_lazy("Insured staff"),
            "number",
            value="insured_employees",
            second=_stale("insured_employees"),
            allowed=_may("insured_employees"),
            phone=False,
        ),
        Column("patents", gettext_lazy("Invention patents"), "number", value="invention_patents", page=False),
        Column("registered_on", gettext_lazy("Founded"), "date", page=False),
        Column("status", gettext_lazy("Registration"), value="operating_status", page=False),
        Column(
            "code",
            gettext_lazy("Code"),
            "label",
            value=lambda row: CODE_STATES[code_state(row["uscc"])],
            sort=False,
            page=False,
        ),
        Column("industry", gettext_lazy("Industry"), value=_industry, sort="industry_registered", page=False),
        Column("key", gettext_lazy("Key"), value="id", page=False),
    ],
    actions=CHOSEN,
    filters=[
        Filter("town", gettext_lazy("Town"), named=named, allowed=_may("registered_division")),
        Filter("park", gettext_lazy("Park"), named=named, allowed=_may("park")),
        Filter(
            "chain",
            gettext_lazy("Place in the chain"),
            field="chain_nodes",
            choices=_nodes,
            apply=_has("chain_nodes"),
            allowed=_may("chain_nodes"),
        ),
        Filter(
            "certificates",
            gettext_lazy("Titles"),
            choices=_certificates,
            apply=_has("certificates"),
            allowed=_may("certificates"),
        ),
        Filter("size_class", gettext_lazy("Size"), named=_option("size_class"), allowed=_may("size_class")),
        Filter("status", gettext_lazy("Registration"), field="operating_status", named=_option("operating_status")),
        Filter("section", gettext_lazy("Section of industry"), choices=_industries("section")),
        Filter("division", gettext_lazy("Division of industry"), choices=_industries("division")),
        Filter(
            "code",
            gettext_lazy("Code"),
            field="uscc",
            choices=[(state.value, words) for state, words in CODE_STATES.items()],
            apply=_of_code_state,
        ),
        Filter(
            "revenue",
            gettext_lazy("Revenue"),
            "range",
            scale=1_000_000,
            unit=gettext_lazy("10,000 CNY"),
            allowed=_may("revenue"),
        ),
        Filter("rd_ratio", gettext_lazy("R&D intensity"), "range", unit="%", allowed=_may("rd_ratio")),
        Filter("registered_on", gettext_lazy("Founded"), "date"),
    ],
    views=[
        View("high-tech", gettext_lazy("High-tech"), {"certificates": "高新技术企业"}),
        View(
            "specialised",
            gettext_lazy("Specialised SMEs"),
            {"certificates": ["专精特新中小企业", "专精特新“小巨人”企业"]},
        ),
    ],
    search_fields=["name", "uscc"],
    default_sort="name",
    source=enterprises,
    row_id="id",
    row_url=lambda row: reverse("registers:profile", args=[row["id"]]),
    marks=lambda row: ["synthetic"] if row["synthetic"] else [],
    answer=_answer,
    empty=(
        gettext_lazy("No enterprise is known yet"),
        gettext_lazy("Load the first list: a CSV or Excel file with codes and names."),
        "/enterprises/imports/",
        gettext_lazy("Import"),
    ),
    scope=gettext_lazy("believed today: by rank of the source, then by date; synthetic enterprises are marked"),
    nav_key="enterprises",
    allowed=_sees_all,
    exportable=lambda user: scope(user, "export", Record) == "all",
)


def batch_state(batch: Batch) -> tuple[str, Any]:
    return {"live": "ok", "staged": "unk", "undone": "na"}[batch.state], batch.get_state_display()


IMPORTS = Listing(
    key="imports",
    title=gettext_lazy("Imports"),
    noun=gettext_lazy("batches"),
    columns=[
        Column("id", gettext_lazy("Batch"), value=lambda batch: f"#{batch.pk}", sort="pk", main=True),
        Column("state", gettext_lazy("State"), "status", value=batch_state, sort="state"),
        Column("file", gettext_lazy("File"), value=lambda batch: batch.file.name if batch.file else ""),
        Column("source", gettext_lazy("Source"), value="source__name"),
        Column("rows", gettext_lazy("Records"), "number"),
        Column("refused", gettext_lazy("Refused"), "number"),
        Column("purpose", gettext_lazy("Purpose"), phone=False),
        Column(
            "actor", gettext_lazy("Imported by"), value=lambda batch: str(batch.actor or _("the system")), sort=False
        ),
        Column("at", gettext_lazy("At"), "moment", value="created_at"),
        Column("digest", gettext_lazy("SHA-256 of the records"), page=False),
    ],
    filters=[
        Filter("state", gettext_lazy("State"), choices=Batch.State.choices),
        Filter("source", gettext_lazy("Source"), field="source__name"),
    ],
    default_sort="-at",
    source=lambda user: Batch.objects.for_user(user).select_related("source", "file", "actor"),
    row_url=lambda batch: reverse("registers:batch", args=[batch.pk]),
    marks=lambda batch: ["synthetic"] if batch.source.synthetic else [],
    empty=(
        gettext_lazy("Nothing was imported yet"),
        gettext_lazy("Choose a file above; a dry run shows what it would do."),
        "",
        "",
    ),
    scope=gettext_lazy("an import is seen at once and undone in one step"),
    nav_key="registers.imports",
    allowed=lambda user: allowed(user, "view", Batch),
    exportable=lambda user: allowed(user, "export", Batch),
)


def _told(side: str) -> Callable[[Any], Any]:
    return lambda row: (f"rec:{row[f'{side}_record']}#{row['attribute']}", row[f"{side}_source"][:8])


def _conflicts(user: User) -> pl.DataFrame:
    may = readable_attributes(user)
    return conflicts().filter(pl.col("attribute").is_in(list(may))) if _sees_all(user) else CONFLICTS


CONFLICT_LIST = Listing(
    key="conflicts",
    title=gettext_lazy("Two sources disagree"),
    noun=gettext_lazy("values"),
    columns=[
        Column("name", gettext_lazy("Enterprise"), main=True, second="subject"),
        Column(
            "what",
            gettext_lazy("Attribute"),
            "label",
            value=lambda row: vocabulary().get(row["attribute"]).label,
            sort="attribute",
        ),
        Column("believed", gettext_lazy("Believed")),
        Column("by", gettext_lazy("Said by"), "ref", value=_told("believed"), sort=False),
        Column("other", gettext_lazy("Against it")),
        Column("other_by", gettext_lazy("Also said by"), "ref", value=_told("other"), sort=False),
        Column("period", gettext_lazy("Of the period"), phone=False),
        Column("as_of", gettext_lazy("As of"), "date", phone=False),
    ],
    filters=[
        Filter(
            "attribute",
            gettext_lazy("Attribute"),
            choices=lambda user: [(name, one.label) for name, one in readable_attributes(user).items()],
        ),
        Filter("source", gettext_lazy("Also said by"), field="other_source"),
    ],
    search_fields=["name", "subject"],
    default_sort="name",
    source=_conflicts,
    row_id="id",
    row_url=lambda row: reverse("registers:history", args=[row["subject"], row["attribute"]]),
    panel=True,
    marks=lambda row: ["synthetic"] if row["synthetic"] else [],
    empty=(
        gettext_lazy("All sources agree"),
        gettext_lazy("Values within the tolerance of their attribute are not shown."),
        "/vocabulary/",
        gettext_lazy("See tolerances"),
    ),
    scope=gettext_lazy("different sources, one period, beyond the tolerance; settle by a review"),
    nav_key="registers.conflicts",
    allowed=lambda user: allowed(user, "view", Batch),
    exportable=lambda user: allowed(user, "export", Batch),
)
