"""What an edition gives as a flat form of texts, and back: only the fields of the chosen way of paying are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from gangshen.apps.policies.models import Policy
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Benefit, BenefitKind, Cap, Ceiling, Tier, Uplift
from gangshen.engines.rules import Clause
from gangshen.engines.vocabulary import AttributeType, unit_factor
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._changes import NUMBERS, Setting, fen_of, number_typed, rate_of, typed
from ._clause_lines import attribute_called, clause_line, clause_of, spoken
from ._giving_words import WAY_WORDS, field_words

__all__ = ["GIVING_OF", "GIVING_ROWS", "benefit_of", "giving", "known_field"]

GIVING_OF = {
    "amount": "fixed unit ladder judged",
    "up_to": "fixed unit rate ladder judged",
    "count": "unit rate ladder judged",
    "rate": "rate ladder judged",
    "base": "rate ladder judged",
    "matches": "rate ladder",
    "period": "unit rate ladder judged",
    "ladder": "ladder",
}  # a field that not every way of paying has, with the ways that have it
GIVING_ROWS = {
    "tier": ("at", "gives", "unit"),
    "cap": ("amount", "unit", "per", "over"),
    "more": ("attribute", "operator", "value", "unit", "period", "gives", "gives_unit", "caps", "was"),
    "ceiling": ("name", "gives", "unit", "base", "over"),
}  # what there may be several of: ``cap.0.amount``, ``cap.1.amount``
_PLAIN = ("base_label", "period", "exclusive", "assumed", "quote")
_BASE, _AMOUNT = "base%", "amount%"  # of what an uplift's percentage is
_SPLIT = re.compile(r"\s*[、;；]\s*")
_NAMES = frozenset(
    {*_PLAIN, *GIVING_OF, "way", "kind", "amount_unit", "floor", "floor_unit", "rate_to", "net_of_vat", "not_with"}
    | {"marginal", "top_up"}
)
_KEYS = {"tier": "at", "cap": "amount", "more": "gives", "ceiling": "name"}  # a row without it says nothing
Fields = Mapping[str, str]


def giving(benefit: Benefit) -> dict[str, str]:
    """The benefit as fields: ``way`` (of :data:`WAY_WORDS`), plain ones by name, rows as :data:`GIVING_ROWS` says.

    Money stands beside its unit (``amount`` 20, ``amount_unit`` 万元), rates as percentages (10 is 10 %).
    """
    low, high = benefit.rate if isinstance(benefit.rate, tuple) else (benefit.rate, None)
    found = {
        "way": _way(benefit),
        "kind": benefit.kind.value,
        **{name: getattr(benefit, name) or "" for name in _PLAIN},
        **{name: "on" if getattr(benefit, name) else "" for name in ("up_to", "net_of_vat", "marginal", "top_up")},
        **{name: spoken(getattr(benefit, name)) for name in ("base", "count", "ladder")},
        **dict(zip(("amount", "amount_unit"), _money(benefit.amount_fen), strict=True)),
        **dict(zip(("floor", "floor_unit"), _money(benefit.floor_fen), strict=True)),
        "rate": _percent(low),
        "rate_to": _percent(high),
        "matches": _title(benefit.matches) if benefit.matches else "",
        "not_with": "、".join(map(_title, benefit.not_with)),
    }
    for kind, rows in _rows(benefit):
        for n, row in enumerate(rows):
            found |= {f"{kind}.{n}.{name}": text for name, text in zip(GIVING_ROWS[kind], row, strict=True)}
    return {name: text for name, text in found.items() if text}


def _way(benefit: Benefit) -> str:
    if benefit.judgement:
        return "judged"
    if benefit.tiers:
        return "ladder"
    if benefit.rate is not None:
        return "rate"
    if benefit.amount_fen is not None:
        return "unit" if benefit.count else "fixed"
    return "none"


def _money(fen: int | None) -> tuple[str, str]:
    if fen is None:
        return "", ""
    size, unit = (10**6, "万元") if fen >= 10**6 else (100, "元")
    return typed(Decimal(fen) / size), unit


def _percent(rate: float | None) -> str:
    return "" if rate is None else typed(rate * 100) + ("%" if rate < 0.01 else "")


def _share(fen: int | None, rate: float | None, sign: str = "%") -> tuple[str, str]:
    return (_percent(rate), sign) if rate is not None else _money(fen)


def _title(key: str) -> str:
    known = Policy.objects.filter(key=key).first()
    name = label(known.label) if known else key
    return key if _SPLIT.search(name) or known is None or _policies(name) != [key] else name


def _rows(benefit: Benefit) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    yield "tier", [(_step(one, benefit), *_share(one.amount_fen, one.rate)) for one in benefit.tiers]
    yield "cap", [(*_money(one.amount_fen), one.subject, one.over) for one in benefit.caps]
    yield "more", [_more_row(n, one) for n, one in enumerate(benefit.uplifts)]
    shared = ((one, _share(one.amount_fen, one.rate)) for one in benefit.ceilings)
    yield "ceiling", [(one.name, *share, spoken(one.base), one.period) for one, share in shared]


def _step(tier: Tier, benefit: Benefit) -> str:
    if tier.at is None:
        return "、".join(tier.types)
    ladder = registers.any_attribute(benefit.ladder)
    if ladder is None or ladder.type is not AttributeType.MONEY:
        return typed(tier.at)
    return "".join(_money(round(tier.at * float(unit_factor(ladder, None) or 1))))


def _more_row(n: int, uplift: Uplift) -> tuple[str, ...]:
    line = clause_line(uplift.when) if isinstance(uplift.when, Clause) else {}
    asked = tuple(line.get(name, "") for name in ("attribute", "operator", "value", "unit", "period"))
    rate, sign = (uplift.rate, _BASE) if uplift.rate is not None else (uplift.factor, _AMOUNT)
    return *asked, *_share(uplift.amount_fen, rate, sign), "on" if uplift.caps else "", str(n)


def benefit_of(old: Benefit, sent: Fields) -> Benefit:
    """``old`` as the fields say now; raises :class:`Refused` naming the field and what to write.

    Rows with no amount are left out; what no field shows (the place of the words in a document) stays.
    """
    fields = _filled(sent)
    if fields == giving(old):
        return old
    way = fields.get("way", "none")
    if way not in WAY_WORDS:
        raise Refused(_("There is no way of paying “%(text)s”.") % {"text": way[:40]}, _("Choose one of the list."))
    read = {name: text for name, text in fields.items() if way in GIVING_OF.get(_of(name), way).split()}
    try:
        return Benefit(**_read(way, read, old), span=old.span)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Refused(_("%(place)s can't be read.") % {"place": field_words(place)}, _("Correct it.")) from None


def _filled(sent: Fields) -> dict[str, str]:
    """The fields that say something: no unit beside an empty amount, no row without what it is about."""
    fields = {name: text.strip() for name, text in sent.items() if text.strip()}

    def said(name: str) -> bool:
        kind, dot, rest = name.partition(".")
        if dot:
            return f"{kind}.{rest.partition('.')[0]}.{_KEYS.get(kind)}" in fields
        return not name.endswith("_unit") or name.removesuffix("_unit") in fields

    return {name: text for name, text in fields.items() if said(name)}


def known_field(name: str) -> bool:
    """Whether the form has a field of that name."""
    kind, dot, rest = name.partition(".")
    if dot:
        number, _dot, field = rest.partition(".")
        return number.isdecimal() and len(number) < 3 and field in GIVING_ROWS.get(kind, ())
    return name in _NAMES


def _of(name: str) -> str:
    """The field that decides whether ``name`` is read: a base's label goes with the base, a step with the ladder."""
    with_ = {"amount_unit": "amount", "rate_to": "rate", "base_label": "base", "net_of_vat": "base"}
    with_ |= dict.fromkeys(("marginal", "top_up", "tier"), "ladder")
    return with_.get(name.partition(".")[0], name)


def _read(way: str, fields: Fields, old: Benefit) -> dict[str, Any]:
    need = {"fixed": ("amount",), "unit": ("amount", "count"), "rate": ("rate",), "ladder": ("ladder", "tier.0.at")}
    for name in need.get(way, ()):
        if name not in fields:
            raise Refused(_("%(name)s is missing.") % {"name": field_words(name)}, _("Fill it in."))
    if way == "rate" and not {"base", "base_label", "matches"} & fields.keys():
        raise Refused(_("%(name)s is missing.") % {"name": field_words("base")}, _("Say of what the rate is."))
    if fields.get("kind") not in set(BenefitKind):
        raise Refused(_("%(name)s is missing.") % {"name": field_words("kind")}, _("Choose one of the list."))
    rates = [rate_of(fields[name], _setting(name, "%")) for name in ("rate", "rate_to") if name in fields]
    matched = _policies(fields["matches"]) if "matches" in fields else []
    if len(matched) > 1:
        raise Refused(_("A grant tops up one other only."), _("Choose one policy."))
    return {
        "kind": fields["kind"],
        **{name: fields.get(name, Benefit.model_fields[name].default) for name in _PLAIN},
        **{name: name in fields for name in ("up_to", "net_of_vat", "marginal", "top_up")},
        **{name: _attribute(name, fields[name]) for name in ("base", "count", "ladder") if name in fields},
        "amount_fen": _fen("amount", fields, "amount_unit"),
        "floor_fen": _fen("floor", fields, "floor_unit"),
        "rate": None if not rates else rates[0] if len(rates) == 1 else tuple(rates),
        "matches": matched[0] if matched else None,
        "not_with": tuple(_policies(fields.get("not_with", ""))),
        "judgement": way == "judged",
        "tiers": tuple(_tier(fields, row) for row in _each("tier", fields)),
        "caps": tuple(_cap(fields, row, old) for row in _each("cap", fields)),
        "uplifts": tuple(_uplift(fields, row, old) for row in _each("more", fields)),
        "ceilings": tuple(_ceiling(fields, row) for row in _each("ceiling", fields)),
    }


def _setting(name: str, unit: str) -> Setting:
    return Setting(name, field_words(name), "", unit)


def _each(kind: str, fields: Fields) -> list[str]:
    """``cap.0``, ``cap.2``, …: the rows of a kind."""
    found = (re.fullmatch(rf"({kind}\.(\d+))\.{_KEYS[kind]}", name) for name in fields)
    return [one[1] for one in sorted(filter(None, found), key=lambda one: int(one[2]))]


def _attribute(name: str, words: str) -> str:
    return attribute_called(words, field_words(name)).id


def _fen(name: str, fields: Fields, unit: str) -> int | None:
    """An amount in the unit chosen beside it; one that names another unit, or has none, is refused."""
    if name not in fields:
        return None
    text, chosen = fields[name], fields.get(unit, "")
    figure = re.sub(r"\s*[百千万亿]*元$", "", text)
    named = text.removeprefix(figure).strip()
    if named and chosen and named != chosen:
        raise Refused(
            _("%(name)s: “%(text)s” and %(unit)s beside it differ.")
            % {"name": field_words(name), "text": text[:40], "unit": chosen},
            _("Write the figure alone and choose its unit."),
        )
    if not named and not chosen:
        raise Refused(
            _("%(name)s: “%(text)s” has no unit.") % {"name": field_words(name), "text": text[:40]},
            _("Choose 元 or 万元 beside it."),
        )
    return fen_of(f"{figure}{named or chosen}", _setting(name, named or chosen))


def _gives(row: str, fields: Fields, unit: str = "unit") -> dict[str, Any]:
    """The amount or the rate of a row."""
    if f"{row}.gives" not in fields:
        raise Refused(_("%(name)s is missing.") % {"name": field_words(f"{row}.gives")}, _("Fill it in."))
    if fields.get(f"{row}.{unit}") == "%" or fields[f"{row}.gives"].endswith(("%", "％")):
        return {"rate": rate_of(fields[f"{row}.gives"], _setting(f"{row}.gives", "%"))}
    return {"amount_fen": _fen(f"{row}.gives", fields, f"{row}.{unit}")}


def _tier(fields: Fields, row: str) -> Tier:
    ladder, at = attribute_called(fields["ladder"], field_words("ladder")), fields[f"{row}.at"]
    if ladder.type not in NUMBERS:
        return Tier(types=tuple(filter(None, re.split(r"\s*[、,，;；]\s*", at))), **_gives(row, fields))
    number, unit = number_typed(at, _setting(f"{row}.at", ladder.unit or ""))
    if ladder.type is AttributeType.MONEY and unit is None and not at.endswith("元"):
        raise Refused(
            _("%(name)s: “%(text)s” has no unit.") % {"name": field_words(f"{row}.at"), "text": at[:40]},
            _("Write it with 元, 万元 or 亿元."),
        )
    factor, own = unit_factor(ladder, unit or ladder.unit), unit_factor(ladder, None)
    if factor is None or own is None:
        raise Refused(
            _("%(name)s is not counted in %(unit)s.") % {"name": label(ladder.label), "unit": unit},
            _("Write it in %(unit)s.") % {"unit": ladder.unit or "—"},
        )
    return Tier(at=float(number * factor / own), **_gives(row, fields))


def _cap(fields: Fields, row: str, old: Benefit) -> Cap:
    per, over = fields.get(f"{row}.per", "firm"), fields.get(f"{row}.over", "total")
    amount = _fen(f"{row}.amount", fields, f"{row}.unit")
    assert amount is not None
    same = next((one for one in old.caps if (one.subject, one.over) == (per, over)), None)
    if same is not None:  # as it was written: a cap may be put in several ways
        return same.model_copy(update={"amount_fen": amount})
    if per == "firm":
        return Cap(amount_fen=amount, per=over)
    return Cap(amount_fen=amount, per=per, period=None if over == "total" else over)


def _uplift(fields: Fields, row: str, old: Benefit) -> Uplift:
    was = fields.get(f"{row}.was", "")
    before = old.uplifts[int(was)] if was.isdecimal() and int(was) < len(old.uplifts) else None
    asked = {name: fields.get(f"{row}.{name}", "") for name in ("attribute", "operator", "value", "unit", "period")}
    sign = fields.get(f"{row}.gives_unit", "")
    if sign in (_BASE, _AMOUNT):
        rate = rate_of(fields[f"{row}.gives"], _setting(f"{row}.gives", "%"))
        more: dict[str, Any] = {"rate" if sign == _BASE else "factor": rate}
    else:
        more = {"amount_fen": _fen(f"{row}.gives", fields, f"{row}.gives_unit")}
    if asked["attribute"]:
        kept = before.when if before and isinstance(before.when, Clause) else Clause(id=row.replace(".", "-"))
        words = {name: getattr(kept, name) for name in ("label", "quote")}
        when: Any = clause_of(kept, {**asked, **words, "id": kept.id, "group": ""})
    elif before is not None and not isinstance(before.when, Clause):
        when = before.when
    else:
        where = field_words(f"{row}.attribute")
        raise Refused(_("%(name)s is missing.") % {"name": where}, _("Say for whom it is more."))
    kept_words = {"quote": before.quote, "span": before.span} if before else {}
    return Uplift(when=when, caps=f"{row}.caps" in fields, **more, **kept_words)


def _ceiling(fields: Fields, row: str) -> Ceiling:
    base = _attribute(f"{row}.base", fields[f"{row}.base"]) if f"{row}.base" in fields else None
    over = fields.get(f"{row}.over", "year")
    return Ceiling(name=fields[f"{row}.name"], base=base, period=over, **_gives(row, fields))


def _policies(text: str) -> list[str]:
    """Keys of policies from their titles or keys; raises :class:`Refused` for one that is not there or not the only one."""
    names = list(filter(None, _SPLIT.split(text.strip())))
    if not names:
        return []
    known = {one.key: {one.key, one.title, one.title_en} for one in Policy.objects.all()}
    found = []
    for name in names:
        keys = [name] if name in known else [key for key, called in known.items() if name in called]
        if len(keys) != 1:
            words = _("There is no policy “%(name)s”.") if not keys else _("Several policies are called “%(name)s”.")
            raise Refused(words % {"name": name[:60]}, _("Choose one of the list, or write its key."))
        found.append(keys[0])
    return found
