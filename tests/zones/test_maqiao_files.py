"""The demo zone's files: made by its own scripts, cited or marked, in words of its own, its policies proved."""

from __future__ import annotations

import csv
import importlib.util
import os
import re
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from gangshen.engines.benefits import Policy, check_policy, coverage, load_policies, run_cases
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import load_yaml
from gangshen.engines.vocabulary import Vocabulary, VocabularyFile

ROOT = Path(__file__).parents[2]
ZONE = ROOT / "zones" / "maqiao"
SHARED = Path(os.environ.get("GANGSHEN_SHARED", ROOT.parent / "shared"))


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"maqiao_{name}", ZONE / "_make" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    parts = [load_yaml(file, VocabularyFile) for file in sorted((ZONE / "vocabulary").glob("*.yaml"))]
    return Vocabulary.load_builtin().merge(*parts)


POLICIES = load_policies((ZONE / "policies").glob("*.yaml"), root=ZONE)


def test_documents_are_what_the_script_makes(tmp_path: Path) -> None:
    made = _script("documents").make(tmp_path)
    assert len(made) >= 7
    for file in made:
        assert file.read_bytes() == (ZONE / "documents" / file.name).read_bytes(), f"{file.name}: run documents.py"


def test_every_document_is_listed_and_cited() -> None:
    entries = load_yaml(ZONE / "documents" / "documents.yaml", dict)["documents"]
    files = {file.name for file in (ZONE / "documents").iterdir()} - {"documents.yaml"}
    assert {entry["file"] for entry in entries} == files
    assert all(entry["citation"] for entry in entries)
    drafts = {entry["key"] for entry in entries if entry.get("status") == "draft_for_comment"}
    assert {"robot-action-plan-draft", "training-voucher-draft"} == drafts


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_policy_stands_on_its_document_and_its_cases(policy: Policy, words: Vocabulary) -> None:
    texts = {document.key: _script("spans").text_of(document.key) for document in policy.documents}
    for edition in policy.versions:
        assert not [str(problem) for problem in coverage(edition, texts)], "run spans.py"
        results = run_cases(policy, words, version=edition.version)
        assert [result.differences for result in results if not result.passed] == []
        decided = {case.expect.decision.value for case in edition.cases}
        assert len(edition.cases) >= 3 and {"no", "unknown"} <= decided
    assert [str(problem.message) for problem in check_policy(policy, words) if not problem.warning] == []
    assert policy.example, "every policy of the demo zone is written for it"
    assert all(document.citation for document in policy.documents)


def test_policies_of_the_usual_kinds() -> None:
    ids = {policy.id for policy in POLICIES}
    assert ids >= {
        "compute-subsidy",
        "equipment-renewal",
        "first-set",
        "ladder-awards",
        "open-challenge",
        "rent-subsidy",
        "scenario-subsidy",
    }
    groups = defaultdict(set)
    for policy in POLICIES:
        if policy.versions[0].benefit.exclusive:
            groups[policy.versions[0].benefit.exclusive].add(policy.id)
    assert groups["equipment"] == {"equipment-renewal", "equipment-upgrade"}
    compute = next(policy for policy in POLICIES if policy.id == "compute-subsidy").versions[0]
    assert compute.benefit.assumed and compute.assumed, "period and subject of its ceiling are not in the report"


def test_spans_are_current() -> None:
    spans = _script("spans")
    for file in (ZONE / "policies").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert spans.renewed(text) == text, f"{file.name}: run spans.py"


def test_figures_stand_in_their_documents() -> None:
    spans = _script("spans")
    text = (ZONE / "indicators" / "observations.csv").read_text(encoding="utf-8")
    assert spans.proved(text) == text, "run spans.py"
    proved = 0
    for row in csv.DictReader(text.splitlines()):
        if not row["source"].startswith("synthetic-") and not row["series"].startswith("count-"):
            ref = Ref.parse(row["evidence"])
            assert ref.span and row["value"] in spans.text_of(ref.id)[slice(*ref.span)], row
            proved += 1
    assert proved >= 22


def test_a_quote_that_is_gone_is_named() -> None:
    text = "          quote: 从来没有这一句\n          span: {start: 0, end: 7, document: support-measures}\n"
    with pytest.raises(ValueError, match="从来没有这一句"):
        _script("spans").renewed(text)


def test_every_figure_is_cited_or_marked() -> None:
    with (ZONE / "indicators" / "series.csv").open(encoding="utf-8", newline="") as file:
        synthetic = {row["key"] for row in csv.DictReader(file) if row["synthetic"]}
    with (ZONE / "indicators" / "observations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["citation"], row
            if row["series"].startswith("count-"):  # counted over the register, which has synthetic firms
                assert row["series"] in synthetic and row["citation"].startswith("企业库统计"), row
                continue
            assumed = "演示假定" in row["citation"]
            assert assumed == (row["series"] in synthetic) == row["source"].startswith("synthetic-"), row
    for entry in load_yaml(ZONE / "sources.yaml", list[dict]):
        assert entry.get("synthetic", False) == entry["key"].startswith("synthetic-")
    for programme in load_yaml(ZONE / "programmes.yaml", list[dict]):
        assert programme["assumed"] and all("假定" in year["memo"] for year in programme["years"])


def test_named_firms_say_only_what_public_texts_say() -> None:
    for source in ("press-2025", "work-plan-2019"):
        with (ZONE / "registers" / source / "enterprises.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["key"].startswith("named-")
                stated = {name for name, value in row.items() if value} - {"key", "as_of", "name"}
                assert stated <= {"public_mention", "public_lists"}, row


def test_who_looks_after_a_firm_is_what_the_script_makes() -> None:
    with (ZONE / "registers" / "synthetic-service" / "enterprises.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == _script("service").rows()


NAMES = (  # of organisations, documents and lists: they cannot be said in other words
    "闵行区推进智能机器人产业高质量创新发展行动方案",
    "推进上海马桥人工智能创新试验区建设工作方案",
    "上海马桥人工智能创新试验区",
    "上海马桥人工智能试验区公司",
    "国家级中小企业特色产业集群",
    "上海市智能机器人标杆企业与应用场景推荐目录",
    "上海市人工智能百个应用场景",
)
RUN = 13
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def _runs(text: str) -> list[str]:
    return [
        words[start : start + RUN] for words in _CHINESE.findall(text) for start in range(max(len(words) - RUN + 1, 0))
    ]


@pytest.mark.shared
def test_no_sentence_is_taken_from_public_texts() -> None:
    public = [file for folder in ("seeds", "documents") for file in (SHARED / folder).glob("*.txt")]
    if not public:
        pytest.skip("the developer data is not beside the checkout")
    theirs = {run for file in public for run in _runs(file.read_text(encoding="utf-8", errors="replace"))}
    names = {run for name in NAMES for run in _runs(name)}
    for file in sorted(ZONE.rglob("*")):
        if file.suffix in (".txt", ".md", ".yaml", ".csv", ".py") and not file.parent.name.startswith("synthetic-"):
            taken = [run for run in _runs(file.read_text(encoding="utf-8")) if run in theirs and run not in names]
            assert not taken, f"{file.name}: {taken[:3]}"
