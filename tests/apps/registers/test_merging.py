"""Two firms become one and two again; a person decides whom a name means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers import services
from gangshen.apps.registers.models import Batch, Likeness, Record
from gangshen.engines.resolution import Candidate
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 1)
Someone = Callable[..., User]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def two(market: Source, firm: Source) -> None:
    services.add_record("K1", {"name": "合肥银河景观工程有限公司", "insured_employees": 30}, market, DAY, None, NOW)
    services.add_record("K2", {"name": "合肥银河景观工程公司", "revenue": 5_000}, firm, DAY, None, NOW)
    services.add_record("K3", {"name": "安徽双鹏实业有限公司"}, market, DAY, None, NOW)


def known(key: str) -> dict[str, object]:
    return {name: fact.value for name, fact in services.facts(key, dt.date(2026, 4, 1)).items()}


def state() -> object:
    made = services.snapshot("enterprise", dt.date(2026, 4, 1))
    organisations = list(Organisation.objects.order_by("key").values_list("key", "name", "code"))
    return made.frame.sort("id").to_dicts(), made.records.sort("id").to_dicts(), organisations, known("K1"), known("K2")


@pytest.mark.usefixtures("two")
def test_a_merge_reads_both_as_one_and_its_undoing_leaves_everything_as_it_was(someone: Someone) -> None:
    officer, before, records = someone("data_officer"), state(), list(Record.objects.values())
    batch = services.merge("K1", "K2", actor=officer, now=NOW, reason="同址")
    assert known("K1")["insured_employees"] == 30
    assert known("K1")["revenue"] == 5_000
    frame = services.snapshot("enterprise", dt.date(2026, 4, 1)).frame
    assert frame.get_column("id").to_list() == ["K1", "K3"]
    assert frame.get_column("revenue").to_list()[0] == 5_000
    assert services.history("K1", "revenue", dt.date(2026, 4, 1))[0].value == 5_000
    assert services.kept_key("K2") == "K1"
    assert services.resolve_names(["合肥银河景观工程"])[0].best.key == "K1"  # type: ignore[union-attr]
    assert list(Record.objects.values()) == records, "records stay where they are"
    services.unmerge(batch, officer, NOW)
    assert state() == before
    services.redo(batch, officer, NOW)
    assert services.kept_key("K2") == "K1"


@pytest.mark.usefixtures("two")
def test_a_new_record_of_a_merged_firm_is_read_of_the_kept_one_and_goes_back_with_it(
    someone: Someone, market: Source
) -> None:
    batch = services.merge("K1", "K2", actor=someone("operator"), now=NOW)
    services.snapshot("enterprise", dt.date(2026, 4, 1))
    services.add_record("K2", {"exports": 700}, market, DAY, None, NOW)
    frame = services.snapshot("enterprise", dt.date(2026, 4, 1)).frame
    assert frame.filter(id="K1").get_column("exports").to_list() == [700]
    services.unmerge(batch, someone("operator"), NOW)
    frame = services.snapshot("enterprise", dt.date(2026, 4, 1)).frame
    assert frame.filter(id="K2").get_column("exports").to_list() == [700]
    assert frame.filter(id="K1").get_column("exports").to_list() == [None]


@pytest.mark.usefixtures("two")
def test_what_was_merged_before_comes_along_and_goes_back_in_order(someone: Someone) -> None:
    officer = someone("operator")
    first = services.merge("K1", "K2", actor=officer, now=NOW)
    second = services.merge("K3", "K1", actor=officer, now=NOW)
    assert known("K3")["revenue"] == 5_000
    with pytest.raises(Refused, match="Take that one back first"):
        services.unmerge(first, officer, NOW)
    services.unmerge(second, officer, NOW)
    assert "revenue" not in known("K3")
    assert known("K1")["revenue"] == 5_000
    services.unmerge(first, officer, NOW)
    with pytest.raises(Refused):
        services.unmerge(first, officer, NOW)


@pytest.mark.usefixtures("two")
def test_who_comes_second_is_told_who_was_first(someone: Someone) -> None:
    services.merge("K1", "K2", actor=someone("operator"), now=NOW)
    for kept, merged in (("K1", "K2"), ("K3", "K2"), ("K2", "K3")):
        with pytest.raises(Refused, match="was merged into K1 by operator"):
            services.merge(kept, merged, actor=someone("data_officer"), now=NOW)
    with pytest.raises(Refused, match="itself"):
        services.merge("K1", "K1", actor=someone("operator"), now=NOW)
    with pytest.raises(Refused, match="no organisation"):
        services.merge("K1", "K9", actor=someone("operator"), now=NOW)
    with pytest.raises(PermissionDenied):
        services.merge("K1", "K3", actor=someone("leader"), now=NOW)


@pytest.mark.usefixtures("two")
def test_a_firm_somebody_logs_in_for_is_kept(someone: Someone) -> None:
    someone("enterprise", Organisation.objects.get(key="K2"))
    with pytest.raises(Refused, match="Somebody logs in"):
        services.merge("K1", "K2", actor=someone("operator"), now=NOW)
    services.merge("K2", "K1", actor=someone("operator"), now=NOW)


@pytest.fixture
def question(two: None) -> Likeness:
    services.ask_pair("K2", "合肥银河景观工程公司", Candidate("K1", "合肥银河景观工程有限公司", 0.9, ()), NOW)
    assert not services.ask_pair("K1", "x", Candidate("K2", "y", 0.9, ()), NOW), "asked once, whichever way round"
    return Likeness.objects.get()


def test_the_same_is_merged_taken_back_and_may_be_decided_otherwise(question: Likeness, someone: Someone) -> None:
    officer = someone("data_officer")
    done = services.confirm(question.pk, "K1", actor=officer, now=NOW)
    assert (done.state, done.chosen, services.kept_key("K2")) == ("same", "K1", "K1")
    with pytest.raises(Refused, match="decided this meanwhile"):
        services.refuse(question.pk, actor=someone("operator"), now=NOW)
    services.take_back(question.pk, actor=officer, now=NOW)
    assert services.kept_key("K2") == "K2"
    assert services.refuse(question.pk, actor=officer, now=NOW).state == "other"
    assert not services.ask_pair("K2", "x", Candidate("K1", "y", 0.9, ()), NOW), "what was refused is not asked again"
    services.take_back(question.pk, actor=officer, now=NOW)
    services.confirm(question.pk, "K1", actor=officer, now=NOW, keep_other=True)
    assert services.kept_key("K1") == "K2"


def test_only_candidates_can_be_confirmed_and_only_by_those_who_may(question: Likeness, someone: Someone) -> None:
    with pytest.raises(Refused, match="not among the candidates"):
        services.confirm(question.pk, "K3", actor=someone("operator"), now=NOW)
    with pytest.raises(PermissionDenied):
        services.confirm(question.pk, "K1", actor=someone("audit_admin"), now=NOW)
    with pytest.raises(Refused, match="no such question"):
        services.confirm(question.pk + 1, "K1", actor=someone("operator"), now=NOW)


@pytest.mark.usefixtures("two")
def test_a_row_that_waited_is_recorded_without_its_slip_and_taken_back(someone: Someone, market: Source) -> None:
    batch = Batch.objects.create(source=market, created_at=NOW, state="live")
    row = {
        "values": {"name": "安徽双朋实业", "revenue": 900, "registered_on": DAY},
        "as_of": DAY,
        "period": "2025",
        "row": 7,
    }
    candidates = [
        Candidate("K3", "安徽双鹏实业有限公司", 0.5, ()),
        Candidate("K1", "合肥银河景观工程有限公司", 0.01, ()),
    ]
    assert services.ask_row("安徽双朋实业", candidates, row, batch, NOW)
    assert not services.ask_row("安徽双朋实业", candidates, row, batch, NOW)
    asked = Likeness.objects.get()
    assert [one["key"] for one in asked.candidates] == ["K3"], "the unlikely one is not shown"
    officer = someone("data_officer")
    services.confirm(asked.pk, "K3", actor=officer, now=NOW)
    assert (known("K3")["revenue"], known("K3")["registered_on"]) == (900, DAY)
    assert known("K3")["name"] == "安徽双鹏实业有限公司"
    services.take_back(asked.pk, actor=officer, now=NOW)
    assert "revenue" not in known("K3")
