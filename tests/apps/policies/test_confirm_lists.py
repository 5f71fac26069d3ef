"""免申即享: who is entitled is listed with why, asked once, answered with a reason; nothing is paid."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.utils import translation

from deskzone import GRANT, NOW, TODAY, as_role, build, put
from gangshen.apps.archive.models import Source
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User
from gangshen.apps.policies import services
from gangshen.apps.policies.models import ConfirmLine, ConfirmList, Policy
from gangshen.apps.registers import services as registers
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
AUTOMATIC = GRANT.replace(
    "authority: 区科委\n    eligibility", "authority: 区科委\n    automatic: true\n    eligibility"
)


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)
    put(AUTOMATIC)
    translation.activate("en")


def policy() -> Policy:
    return Policy.objects.get(key="grant")


def made(now: dt.datetime = NOW) -> ConfirmList:
    return services.confirm_list(policy(), TODAY, actor=None, now=now)


def said(firm: str, now: dt.datetime = NOW, **values: Any) -> None:
    registers.add_record(firm, values, Source.objects.get(key="social"), TODAY, None, now)


def manager(name: str) -> User:
    return identity.create_user(name, None, by=None, now=NOW, roles=["account_manager"], display_name=name)


def keys(held: ConfirmList, **kept: Any) -> set[str]:
    return set(held.lines.filter(**kept).values_list("firm__key", flat=True))


def test_everyone_entitled_is_listed_with_amount_and_the_facts_it_rests_on() -> None:
    held = made()
    assert keys(held) == {"ahead", "level"}
    line = held.lines.get(firm__key="level")
    assert (line.low, line.high) == (200_000_00, 200_000_00)
    assert {one["attribute"] for one in line.facts} >= {"rd_ratio", "insured_employees"}
    assert all(ref.startswith("rec:") for one in line.facts for ref in one["refs"])
    assert made().pk == held.pk, "the same firms on the same day are one list"


def test_a_new_firm_is_marked_with_the_condition_that_turned() -> None:
    first = made()
    said("close", LATER, rd_ratio=6.0)
    second = made(LATER + dt.timedelta(hours=1))
    assert second.pk != first.pk
    assert keys(second, new=True) == {"close"}
    assert (
        "6" in second.lines.get(firm__key="close").why and "not met before" in second.lines.get(firm__key="close").why
    )
    said("silent", LATER + dt.timedelta(minutes=90), rd_ratio=7.0)
    third = made(LATER + dt.timedelta(hours=2))
    assert keys(third, new=True) == {"silent"}
    assert "unknown before" in third.lines.get(firm__key="silent").why


def test_what_needs_an_application_or_reaches_nobody_is_refused() -> None:
    put(GRANT)
    with pytest.raises(Refused, match="without an application"):
        made()
    put(AUTOMATIC.replace("value: 5, unit", "value: 99, unit"))
    with pytest.raises(Refused, match="Nobody"):
        made()


def test_each_manager_has_one_case_and_sending_again_tells_nobody_twice() -> None:
    li = manager("li")
    said("ahead", account_manager="li")
    held, operator = made(LATER), identity.create_user("op", None, by=None, now=NOW, roles=["operator"])
    sent = services.send_list(held, actor=operator, now=LATER)
    assert (sent.cases, sent.firms, sent.already, sent.to_office) == (2, 2, 0, 1)
    mine = Case.objects.get(owner=li)
    assert mine.type == services.CONFIRM and mine.due is not None and mine.due > TODAY
    again = services.send_list(held, actor=operator, now=LATER)
    assert (again.cases, again.firms, again.already) == (0, 0, 2)
    assert Case.objects.filter(type=services.CONFIRM).count() == 2
    with pytest.raises(Refused, match="has not answered"):
        cases.close(mine, "done", actor=li, now=LATER)


def test_the_last_answer_closes_the_case_with_the_tally() -> None:
    held = made()
    line = held.lines.get(firm__key="level")
    with pytest.raises(Refused, match="not sent"):
        services.answer_line(line, "confirmed", actor=identity.create_user(
            "op0", None, by=None, now=NOW, roles=["operator"]), now=LATER)  # fmt: skip
    operator = identity.create_user("op", None, by=None, now=NOW, roles=["operator"])
    services.send_list(held, actor=operator, now=LATER)
    with pytest.raises(Refused, match="reason"):
        services.answer_line(line, "objected", " ", actor=operator, now=LATER)
    with pytest.raises(Refused, match="no answer"):
        services.answer_line(line, "perhaps", actor=operator, now=LATER)
    services.answer_line(line, "objected", "人数不对", actor=operator, now=LATER)
    case = Case.objects.get(type=services.CONFIRM)
    assert case.state != Case.State.CLOSED
    services.answer_line(held.lines.get(firm__key="ahead"), "confirmed", actor=operator, now=LATER)
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED and case.receipt == "1 confirmed, 1 objected."


def test_a_firm_sees_and_answers_its_own_line_once_it_is_sent() -> None:
    held = made()
    level, ahead = (held.lines.get(firm__key=key) for key in ("level", "ahead"))
    client = as_role("enterprise", "level")
    assert client.get(f"/policies/confirm/firms/{level.pk}/").status_code == 404, "not sent yet"
    services.send_list(held, actor=None, now=LATER)
    body = client.get(f"/policies/confirm/firms/{level.pk}/").content.decode()
    assert "Nothing is paid" in body
    assert client.get(f"/policies/confirm/firms/{ahead.pk}/").status_code == 404
    assert client.get(f"/policies/confirm/{held.pk}/").status_code in (403, 404)
    client.post(f"/policies/confirm/firms/{level.pk}/answer/", {"state": "confirmed"})
    assert client.post(f"/policies/confirm/firms/{ahead.pk}/answer/", {"state": "confirmed"}).status_code == 404
    assert dict(ConfirmLine.objects.values_list("firm__key", "state")) == {"level": "confirmed", "ahead": "pending"}


def test_page_files_and_api_say_the_same(django_assert_max_num_queries: Any) -> None:
    client = as_role("operator")
    client.post("/policies/confirm/make/grant/")
    held = ConfirmList.objects.get()
    index = client.get("/policies/confirm/").content.decode()
    assert "needs no application" in index
    with django_assert_max_num_queries(24):
        body = client.get(f"/policies/confirm/{held.pk}/").content.decode()
    assert "ahead 公司" in body and "Nothing is paid by this list." in body
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/policies/confirm/{held.pk}/list.xlsx").content))
    rows = list(book.worksheets[0].iter_rows(min_row=3, values_only=True))
    assert {row[1]: row[2] for row in rows} == {"ahead": 200_000, "level": 200_000}
    word = docx.Document(io.BytesIO(client.get(f"/policies/confirm/{held.pk}/list.docx").content))
    assert "Nothing is paid by this list." in "\n".join(one.text for one in word.paragraphs)
    told = client.post("/api/policies/grant/confirm-lists").json()
    assert told["list"] == held.pk and told["paid"] is False
    sent = client.post(f"/api/policies/confirm-lists/{held.pk}/send").json()
    assert sent == {"cases": 1, "firms": 2, "already": 0}
    line = told["firms"][0]["line"]
    answer = client.post(
        f"/api/policies/confirm-lines/{line}/answer",
        json.dumps({"answer": "objected", "reason": "x"}),
        content_type="application/json",
    )
    assert answer.json()["answer"] == "objected"
    assert as_role("leader").post("/policies/confirm/make/grant/").status_code == 403
    chosen = client.post("/policies/confirm/chosen/", {"row": [str(one.pk) for one in held.lines.all()]})
    assert chosen.status_code == 302
    assert set(ConfirmLine.objects.values_list("state", flat=True)) == {"confirmed"}


CAPPED = AUTOMATIC.replace(
    "{kind: subsidy, amount_fen: 20万元}",
    "{kind: subsidy, amount_fen: 20万元, caps: [{amount_fen: 30万元, per: total}]}",
)


def told(*lines: str) -> None:
    text = "企业,政策,金额（万元）,日期,来源\n" + "\n".join(lines)
    services.import_grants(text.encode(), "granted.csv", actor=None, now=NOW)


def test_a_firm_granted_before_is_marked_and_is_not_new() -> None:
    put(CAPPED)
    first = made()
    assert keys(first) == {"ahead", "level"}
    said("close", LATER, rd_ratio=9.0)
    said("behind", LATER, rd_ratio=9.0)
    told("close,grant,15,2026-02-02,拨款单 1 号", "behind,grant,30,2026-02-03,拨款单 2 号")
    (now,) = services.automatic_now(TODAY)
    assert (now.firms, now.granted, now.new) == (4, 2, 0)
    held = made(LATER)
    lines = {one.firm.key: one for one in held.lines.select_related("firm")}
    close, behind = lines["close"], lines["behind"]
    assert (close.low, close.granted, close.new, close.state) == (150_000_00, 150_000_00, False, "pending")
    assert "already granted: 150,000 CNY on 2026-02-02; 50,000 CNY less than without it" in close.because[0]["words"]
    assert (behind.high, behind.granted, behind.new, behind.state) == (0, 300_000_00, False, "granted")
    assert "nothing is left of it" in behind.because[0]["words"]


def test_a_firm_with_nothing_left_is_not_asked() -> None:
    put(CAPPED)
    told("level,grant,30,2026-02-02,拨款单 1 号")
    held = made()
    sent = services.send_list(held, actor=None, now=LATER)
    assert (sent.firms, keys(held, case=None)) == (1, {"level"})
    line = held.lines.get(firm__key="level")
    clerk = as_role("operator")
    with pytest.raises(Refused, match="nothing is left"):
        services.answer_line(line, "confirmed", actor=identity.create_user("x", None, by=None, now=NOW, roles=["operator"]), now=LATER)  # fmt: skip
    assert "Please confirm" not in as_role("enterprise", "level").get("/my/").content.decode()
    page = clerk.get(f"/policies/confirm/{held.pk}/").content.decode()
    assert "were granted before" in page or "was granted before" in page
    assert "nothing is left for" in page and "Granted already" in page
    assert "Send for confirmation" not in page, "everybody who can be asked was asked"
    body = clerk.get(f"/policies/confirm/firms/{line.pk}/").content.decode()
    assert "already granted: 300,000 CNY on 2026-02-02" in body and "The facts hold" not in body
    everybody = {"row": list(held.lines.values_list("pk", flat=True))}
    assert clerk.post("/policies/confirm/chosen/", everybody).status_code == 302
    assert keys(held, state="granted") == {"level"} and keys(held, state="confirmed") == {"ahead"}
    told_json = services.confirm_json(held, {})
    assert {one["enterprise"]: one["granted_fen"] for one in told_json["firms"]} == {"ahead": 0, "level": 300_000_00}
    paper = docx.Document(io.BytesIO(services.confirm_paper(held, {})))
    assert any("1 of them were granted under it before" in one.text for one in paper.paragraphs)
    assert not Case.objects.filter(pk__in=held.lines.values("case")).exclude(state="closed").exists()
