"""calendar/*.csv and cases/cases.yaml."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gangshen.apps.cases import portable, services
from gangshen.apps.cases.models import Case, Holidays
from gangshen.engines.formats import FormatError

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
CASES = """
- {key: 'task:1/late', type: pressed, title: 清单未公布, about: 'task:1', unit: town, opened_by: operator, opened_on: 2026-04-10}
- {key: 'q/1', type: question, title: 补问研发费用, about: 'org:e1', owner: manager, opened_on: 2026-04-14, due: 2026-04-20}
"""


def test_open_cases_go_out_and_come_in_the_same_and_closed_ones_stay_closed(people, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/cases.yaml").write_text(CASES, encoding="utf-8")
    assert portable.load(tmp_path, now=NOW).loaded == {"calendar": 0, "cases": 2}
    late = Case.objects.get(key="task:1/late")
    assert (late.unit, late.opened_by, late.due) == (people.town, people.operator, dt.date(2026, 4, 14))
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        portable.dump(folder)
        portable.load(folder, now=NOW)
    assert (first / "cases/cases.yaml").read_bytes() == (second / "cases/cases.yaml").read_bytes()
    services.close(late, "办结", actor=None, now=NOW)
    portable.load(tmp_path, now=NOW)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [("pressed", "nothing", r"\[0\].type"), ("town", "moon", r"\[0\].unit"), ("manager", "ghost", r"\[1\].owner")],
)
def test_unknown_names_are_refused_in_place(people, tmp_path: Path, old: str, new: str, place: str) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/cases.yaml").write_text(CASES.replace(old, new), encoding="utf-8")
    with pytest.raises(FormatError, match=place):
        portable.load(tmp_path, now=NOW)
    assert not Case.objects.exists()


def test_a_zones_holidays_move_its_deadlines(tmp_path: Path) -> None:
    (tmp_path / "calendar").mkdir()
    text = "# a local day off\ndate,kind,name\n2026-04-16,holiday,社区日\n"
    (tmp_path / "calendar/2026-local.csv").write_text(text, encoding="utf-8")
    before = services.deadline(1, dt.date(2026, 4, 15))
    portable.load(tmp_path, now=NOW)
    after = services.deadline(1, dt.date(2026, 4, 15))
    assert (before.date, after.date) == (dt.date(2026, 4, 16), dt.date(2026, 4, 17))
    out = tmp_path / "out"
    out.mkdir()
    portable.dump(out)
    assert (out / "calendar/2026-local.csv").read_text(encoding="utf-8") == text


def test_a_bad_holiday_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar/2026.csv").write_text("date,kind,name\n2026-04-16,feast,x\n", encoding="utf-8")
    with pytest.raises(FormatError, match="2026.csv:2"):
        portable.load(tmp_path, now=NOW)
    assert not Holidays.objects.exists()
