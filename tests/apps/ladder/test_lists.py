"""Official lists: holders by code or name, batch and validity, a list that withdraws, faults by row."""

from __future__ import annotations

import datetime as dt

import pytest
from ladder_world import DAY, NOW

from gangshen.apps.ladder import services
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Batch
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
LIST = "企业名称,统一社会信用代码,证书编号,批次\nnear公司,,A1,\n,open,A2,第二批\n外地某某制造有限公司,,A3,\n"


def take(text: str, dry: bool = False, **said) -> services.Taken:
    listed = services.Listed("middle", **said)
    return services.take_list(text.encode(), listed, name="名单.csv", actor=None, now=NOW, as_of=DAY, dry=dry)


def middle(firm: str):
    row = services.survey(DAY).rows[firm]
    return [one for one in row.holding.held if one.title == "middle"]


def test_holders_come_with_batch_and_validity(world) -> None:
    taken = take(LIST, batch="第一批", begins=dt.date(2026, 7, 1), ends=dt.date(2029, 6, 30))
    assert set(taken.firms) == {"near", "open"} and taken.elsewhere == 1 and not taken.doubtful
    [near], [other] = middle("near"), middle("open")
    assert near.extra == {"batch": "第一批"} and other.extra == {"batch": "第二批"}
    assert (near.begins, near.ends, near.number) == (dt.date(2026, 7, 1), dt.date(2029, 6, 30), "A1")
    assert services.survey(DAY).rows["near"].holding.rung == 2
    registers.undo(Batch.objects.get(pk=taken.batch), None, NOW)
    assert not middle("near")


def test_a_dry_run_writes_nothing(world) -> None:
    before = Batch.objects.count()
    assert set(take(LIST, dry=True).firms) == {"near", "open"}
    assert Batch.objects.count() == before


def test_a_list_that_withdraws_takes_the_certificate_held(world) -> None:
    gone = take("企业名称\nboth公司\nnear公司\n", withdrawn_on=dt.date(2026, 11, 1))
    assert gone.firms == ("both",) and gone.not_held == ("near",)
    [held] = middle("both")
    assert held.state.value == "withdrawn" and held.number == "N1" and held.withdrawn_on == dt.date(2026, 11, 1)
    assert services.counted(services.survey(DAY), "title-middle").value == 0


def test_faults_name_the_row_and_nothing_is_written(world) -> None:
    before = Batch.objects.count()
    with pytest.raises(FormatError, match=r"名单.csv:2:from"):
        take("企业名称,有效期起\nnear公司,昨天\n")
    with pytest.raises(FormatError, match="neither a name nor a code"):
        take("甲,乙\n1,2\n")
    with pytest.raises(Refused, match="no title nobody"):
        services.take_list(LIST.encode(), services.Listed("nobody"), actor=None, now=NOW, as_of=DAY)
    assert Batch.objects.count() == before
