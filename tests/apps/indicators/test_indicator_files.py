"""indicators/*.csv: every vintage goes out and comes in the same; a figure without its source is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gangshen.apps.archive.services import upsert_source
from gangshen.apps.indicators import portable, services
from gangshen.apps.indicators.models import Observation, Series
from gangshen.engines.formats import FormatError

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
SERIES = "key,name,unit,period,nature,scope\noutput,工业总产值,亿元,year,flow,规上工业\nfirms,企业数,家,year,level,\n"
OBSERVATIONS = (
    "series,at,value,vintage,source,evidence,citation,note,recorded_at\n"
    "output,2024-12-31,980.5,final,stats,,《2024年统计公报》,,2025-03-20\n"
    "output,2025-12-31,1050,flash,stats,,《2025年快报》,,2026-01-20\n"
    "output,2025-12-31,1062.25,flash,stats,,《2025年快报》,更正,2026-02-02T10:30:00+08:00\n"
    "firms,2026-03-31,150,,,doc:plan#3-9,,,2026-04-01\n"
)


def folder_of(tmp_path: Path, series: str = SERIES, observations: str = OBSERVATIONS) -> Path:
    upsert_source("stats", name="统计部门")
    (tmp_path / "indicators").mkdir(exist_ok=True)
    (tmp_path / "indicators/series.csv").write_text(series, encoding="utf-8")
    (tmp_path / "indicators/observations.csv").write_text(observations, encoding="utf-8")
    return tmp_path


def test_every_vintage_goes_out_and_comes_in_the_same(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    assert portable.load(folder, now=NOW).loaded == {"series": 2, "observations": 4}
    assert services.latest("output").value == services.curve("output")[-1].value == 1062.25
    out = tmp_path / "out"
    out.mkdir()
    portable.dump(out)
    written = (out / "indicators/observations.csv").read_bytes()
    assert "1062.25,flash,stats,,《2025年快报》,更正,2026-02-02T10:30:00+08:00" in written.decode()
    portable.load(out, now=NOW)
    portable.dump(out)
    assert (out / "indicators/observations.csv").read_bytes() == written
    assert Observation.objects.count() == 4


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("output,2025-12-31,1,final,,,,,", "observations.csv:2:citation"),
        ("output,昨天,1,final,,,公报,,", "observations.csv:2:at"),
        ("output,2025-12-31,很多,final,,,公报,,", "observations.csv:2"),
        ("nope,2025-12-31,1,final,,,公报,,", "observations.csv:2"),
        ("output,2025-12-31,1,final,nobody,,公报,,", "observations.csv:2"),
        ("output,2025-12-31,1,final,,x y,,,", "observations.csv:2:evidence"),
    ],
)
def test_faults_are_named_by_file_line_and_field(tmp_path: Path, line: str, place: str) -> None:
    folder = folder_of(tmp_path, observations=OBSERVATIONS.splitlines()[0] + "\n" + line + "\n")
    with pytest.raises(FormatError, match=place):
        portable.load(folder, now=NOW)
    assert not Series.objects.exists()


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"series.csv:1:colour"):
        portable.load(
            folder_of(tmp_path, series="key,name,unit,colour\na,b,c,d\n", observations="series,at,value\n"), now=NOW
        )
