"""What an edition gives, written in the form: each way of paying, what is refused, and back without a change."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from deskzone import NOW, as_role, build
from gangshen.apps.policies import services
from gangshen.apps.policies.models import PolicyVersion
from gangshen.apps.policies.services import Changes
from gangshen.engines.benefits import Benefit, BenefitKind, load_policies
from gangshen.engines.rules import Any_, Clause, Operator
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
PAGE = "/policies/grant/editions/draft-2027/"
POLICIES = sorted((Path(__file__).parents[3] / "zones/maqiao/policies").glob("*.yaml"))
NOTHING = Benefit(kind=BenefitKind.SUBSIDY)
BASE = {"kind": "subsidy"}
RATE = BASE | {"way": "rate", "rate": "10", "base": "研发费用"}
LADDER = BASE | {
    "way": "ladder",
    "ladder": "revenue",
    "tier.0.at": "5000万元",
    "tier.0.gives": "20",
    "tier.0.unit": "万元",
}
FIXED = BASE | {"way": "fixed", "amount": "20", "amount_unit": "万元"}


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)
    translation.activate("en")


def draft() -> PolicyVersion:
    return PolicyVersion.objects.select_related("policy").get(policy__key="grant", version="draft-2027")


@pytest.mark.parametrize(
    ("fields", "gives"),
    [
        (FIXED, {"amount_fen": "20万元"}),
        (FIXED | {"amount": "2000", "amount_unit": "元", "up_to": "on"}, {"amount_fen": "2000元", "up_to": True}),
        (FIXED | {"amount": "20万元", "amount_unit": ""}, {"amount_fen": "20万元"}),
        (FIXED | {"way": "unit", "count": "参保人数"}, {"amount_fen": "20万元", "count": "insured_employees"}),
        (FIXED | {"rate": "10", "base": "revenue"}, {"amount_fen": "20万元"}),  # of another way: not read
        (RATE, {"rate": 0.1, "base": "rd_expense"}),
        (RATE | {"rate_to": "15%"}, {"rate": (0.1, 0.15), "base": "rd_expense"}),
        (RATE | {"rate": "0.5%"}, {"rate": 0.005, "base": "rd_expense"}),
        (
            RATE | {"cap.0.amount": "50", "cap.0.unit": "万元", "cap.0.per": "firm", "cap.0.over": "year"},
            {"rate": 0.1, "base": "rd_expense", "caps": [{"amount_fen": "50万元", "per": "year"}]},
        ),
        (
            RATE | {"cap.1.amount": "1", "cap.1.unit": "万元", "cap.1.per": "person", "cap.1.over": "month"},
            {"rate": 0.1, "base": "rd_expense", "caps": [{"amount_fen": "1万元", "per": "person", "period": "month"}]},
        ),
        (
            LADDER | {"tier.1.at": "1亿元", "tier.1.gives": "5", "tier.1.unit": "%", "base": "revenue"},
            {
                "ladder": "revenue",
                "base": "revenue",
                "tiers": [{"at": 50_000_000, "amount_fen": "20万元"}, {"at": 10**8, "rate": 0.05}],
            },
        ),
        (
            BASE | {"way": "ladder", "ladder": "资质认定", "tier.0.at": "高企、专精特新", "tier.0.gives": "20万元"},
            {"ladder": "certificates", "tiers": [{"types": ["高企", "专精特新"], "amount_fen": "20万元"}]},
        ),
        (
            FIXED
            | {f"more.0.{name}": text for name, text in
               {"attribute": "参保人数", "operator": "ge", "value": "100", "gives": "20", "gives_unit": "amount%"}.items()},
            {
                "amount_fen": "20万元",
                "uplifts": [
                    {
                        "when": {"id": "more-0", "attribute": "insured_employees", "operator": "ge", "value": 100},
                        "factor": 0.2,
                    }
                ],
            },
        ),
        (
            FIXED | {"ceiling.0.name": "研发", "ceiling.0.gives": "50", "ceiling.0.unit": "万元", "not_with": "研发补助"},
            {"amount_fen": "20万元", "ceilings": [{"name": "研发", "amount_fen": "50万元"}], "not_with": ["grant"]},
        ),
        (BASE | {"way": "judged", "quote": "一事一议"}, {"judgement": True, "quote": "一事一议"}),
        (BASE | {"way": "none"}, {}),
    ],
)  # fmt: skip
def test_each_way_of_paying_is_written_from_nothing(fields: dict[str, str], gives: dict[str, Any]) -> None:
    wanted = Benefit.model_validate(BASE | gives)
    assert services.benefit_of(NOTHING, fields) == wanted
    assert services.benefit_of(wanted, services.giving(wanted)) == wanted


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (FIXED | {"amount_unit": ""}, "Amount: “20” has no unit"),
        (FIXED | {"amount": "20元"}, "“20元” and 万元 beside it differ"),
        (FIXED | {"amount": "viele"}, "Amount: “viele万元” is no number"),
        (FIXED | {"amount": "-1"}, "no amount of money"),
        (BASE | {"way": "fixed"}, "Amount is missing"),
        (FIXED | {"way": "unit"}, "For each of is missing"),
        (RATE | {"rate": "0.1"}, "Rate: “0.1” is no percentage"),
        (RATE | {"rate": "110"}, "no percentage"),
        (RATE | {"base": ""}, "Base is missing"),
        (RATE | {"base": "利润总和"}, "利润总和"),
        (LADDER | {"tier.0.gives": ""}, "Step 1 gives is missing"),
        (LADDER | {"tier.0.at": "5 人"}, "not counted in 人"),
        (LADDER | {"tier.0.at": "5000"}, "Step 1 from: “5000” has no unit"),
        (FIXED | {"kind": "gift"}, "Instrument is missing"),
        (FIXED | {"way": "gift"}, "no way of paying “gift”"),
        (FIXED | {"not_with": "没有的政策"}, "no policy “没有的政策”"),
        (FIXED | {"more.0.gives": "1", "more.0.gives_unit": "万元"}, "Addition 1 Attribute is missing"),
        (FIXED | {"cap.0.amount": "1", "cap.0.unit": ""}, "Ceiling 1 Amount: “1” has no unit"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(fields: dict[str, str], says: str) -> None:
    with pytest.raises(Refused) as refused:
        services.benefit_of(NOTHING, fields)
    assert says in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_benefits_of_the_zone_stand_in_the_form(file: Path) -> None:
    for edition in load_policies([file])[0].versions:
        gives = edition.benefit
        changed = services.benefit_of(gives, services.giving(gives) | {"assumed": "假定"})
        assert changed.model_copy(update={"assumed": gives.assumed}) == gives


def test_an_addition_under_a_group_of_conditions_stays() -> None:
    when = Any_(any=tuple(Clause(id=id, attribute="revenue", operator=Operator.GE, value=1) for id in ("a", "b")))
    gives = Benefit.model_validate(BASE | {"amount_fen": 100, "uplifts": [{"when": when.model_dump(), "factor": 0.2}]})
    moved = services.benefit_of(gives, services.giving(gives) | {"more.0.gives": "30"})
    assert (moved.uplifts[0].when, moved.uplifts[0].factor) == (gives.uplifts[0].when, 0.3)


def sent(fields: dict[str, str]) -> dict[str, Any]:
    rule = services.engine_version(draft())
    lines, cases = services.clause_lines(rule), services.case_lines(rule)
    found = {"mode": "lines", "base": draft().digest, "clauses": str(len(lines)), "cases": str(len(cases))}
    found |= {f"clause.{n}.{field}": text for n, line in enumerate(lines) for field, text in line.items()}
    found |= {f"case.{n}.{field}": text for n, line in enumerate(cases) for field, text in line.items()}
    return found | {f"give.{name}": text for name, text in fields.items()}


CAP = {"cap.0.amount": "1", "cap.0.unit": "万元", "cap.0.per": "firm", "cap.0.over": "year"}


def test_the_form_keeps_it_and_the_desk_works_with_it() -> None:
    client = as_role("drafter")
    assert client.post(PAGE, sent(RATE | CAP | {"net_of_vat": "on"})).status_code == 302
    gives = services.engine_version(draft()).benefit
    assert (gives.rate, gives.base, gives.net_of_vat, gives.caps[0].amount_fen) == (0.1, "rd_expense", True, 10**6)
    assert [one.key for one in services.settings_of(services.engine_version(draft())) if not one.clause] == [
        "rate",
        "cap.0",
    ]
    assert (
        services.made(services.engine_version(draft()), Changes(values={"cap.0": "2"})).benefit.caps[0].amount_fen
        == 2 * 10**6
    )
    assert "10%" in client.get("/policies/grant/what-if/?version=draft-2027").content.decode()
    assert "What is given" in draft().steps.latest("pk").note
    assert client.post(PAGE, sent({"way": "none"}) | {"do": "give-none"}).status_code == 400, "no kind was sent"
    assert client.post(PAGE, sent(RATE) | {"do": "give-none"}).status_code == 302
    assert services.engine_version(draft()).benefit == NOTHING
    assert (
        client.post(PAGE, sent(services.giving(NOTHING)) | {"do": "give-like", "like": "grant@2026"}).status_code == 302
    )
    assert services.engine_version(draft()).benefit.amount_fen == 20_000_000


def test_a_cap_below_the_floor_is_refused_and_what_was_typed_stays() -> None:
    before = draft().digest
    answer = as_role("drafter").post(PAGE, sent(FIXED | CAP | {"floor": "5", "floor_unit": "万元"}))
    body = answer.content.decode()
    assert answer.status_code == 400
    assert "Ceiling 1 Amount: the cap is below the floor" in body
    assert 'name="give.floor" value="5"' in body
    assert draft().digest == before


def test_the_sentence_is_told_in_both_languages_as_it_is_written_and_nothing_is_kept() -> None:
    before, client = draft().digest, as_role("drafter")
    body = client.post(f"{PAGE}says/", sent(RATE)).content.decode()
    assert "10% of " in body
    assert "研发费用的 10%" in body
    assert "no percentage" in client.post(f"{PAGE}says/", sent(RATE | {"rate": "0.1"})).content.decode()
    assert draft().digest == before
    assert as_role("operator").post(f"{PAGE}says/", sent(RATE)).status_code == 403


def test_it_goes_out_as_excel_and_comes_back() -> None:
    client = as_role("drafter")
    client.post(PAGE, sent(RATE | CAP))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}edition.xlsx").content))
    cells = {row[0].value: row[1] for row in book["benefit"].iter_rows(min_row=3)}
    assert (cells["way"].value, cells["cap.0.amount"].value) == ("rate", "1")
    cells["rate"].value = "12"

    def loaded() -> Any:
        out = io.BytesIO()
        book.save(out)
        file = SimpleUploadedFile("r.xlsx", out.getvalue())
        return client.post(PAGE, {"mode": "sheet", "base": draft().digest, "file": file})

    assert loaded().status_code == 302
    assert services.engine_version(draft()).benefit.rate == 0.12
    book["benefit"].append(["prise", "1", ""])
    answer = loaded()
    assert answer.status_code == 400
    assert "there is no field prise" in answer.content.decode()
    del book["benefit"]
    assert loaded().status_code == 302, "a file of an earlier release has no such sheet"
    assert services.engine_version(draft()).benefit.rate == 0.12


def test_dates_and_papers_are_written_and_a_window_that_ends_first_is_refused() -> None:
    client = as_role("drafter")
    frame = {
        "frame": "1",
        "valid_from": "2027-01-01",
        "valid_to": "2027-12-31",
        "authority": "区科委",
        "served_by": "专班",
    }
    frame |= {
        "opens": "2027-03-01",
        "closes": "2027-03-31",
        "materials": "营业执照 / Licence\r\n审计报告",
        "automatic": "on",
    }
    assert client.post(PAGE, sent({**FIXED}) | frame).status_code == 302
    rule = services.engine_version(draft())
    assert rule.window is not None
    assert (str(rule.window.opens), rule.automatic, rule.served_by) == ("2027-03-01", True, "专班")
    assert [(one.zh, one.en) for one in rule.materials] == [("营业执照", "Licence"), ("审计报告", None)]
    assert client.post(PAGE, sent({**FIXED}) | frame).status_code == 302
    assert services.engine_version(draft()) == rule
    answer = client.post(PAGE, sent({**FIXED}) | frame | {"closes": "2027-02-01"})
    assert answer.status_code == 400
    assert "closes is before opens" in answer.content.decode()


def test_two_at_once_are_told_so_and_nothing_is_overwritten() -> None:
    client, first = as_role("drafter"), sent(FIXED | {"amount": "30"})
    second = sent(FIXED | {"amount": "40"}) | {"do": "none", "pick": "all[0]"}
    wrong = sent(FIXED | {"amount": "viele"})
    assert client.post(PAGE, first).status_code == 302
    answer = client.post(PAGE, wrong)
    assert f'name="base" value="{wrong["base"]}"' in answer.content.decode(), "the text it was opened at"
    assert client.post(PAGE, second).status_code == 409
    assert services.engine_version(draft()).benefit.amount_fen == 30_000_000
    assert draft().created_at == NOW
