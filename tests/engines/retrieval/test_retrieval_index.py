"""Search: what people type finds what they mean, and nothing they type can break it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.retrieval import Entry, EntryError, Hits, Index, IndexLocked, IndexUnusable, _index

ENTRIES = [
    Entry(
        "enterprise:1",
        "enterprise",
        "上海云岫机器人科技有限公司",
        "谐波减速器、关节模组的研发与制造",
        url="/e/1",
        audience=("public",),
        extra={"town": "马桥镇"},
    ),
    Entry("enterprise:2", "enterprise", "重庆长岭智传动股份有限公司", "RV减速器", audience=("internal",)),
    Entry("enterprise:3", "enterprise", "上海云汀软件有限公司", "工业软件与机器人仿真", names=("Yunting Soft",)),
    Entry(
        "policy:1",
        "policy",
        "机器人产业专项资金管理办法",
        "对首台（套）产品给予奖励，单个企业最高500万元；参见 GB/T 4754。",
        audience=("public", "internal"),
    ),
]


@pytest.fixture(scope="module")
def index() -> Index:
    index = Index.in_memory()
    assert index.replace(ENTRIES) == len(ENTRIES)
    return index


def ids(hits: Hits) -> list[str]:
    return [hit.id for hit in hits]


def marked(hits: Hits) -> list[str]:
    hit = hits.items[0]
    fragments = [hit.title, *([hit.fragment] if hit.fragment else [])]
    return [fragment.text[a:b] for fragment in fragments for a, b in fragment.spans]


@pytest.mark.parametrize(
    ("query", "first", "marks"),
    [
        ("云岫", "enterprise:1", ["云岫"]),
        ("上海云岫机器人科技有限公司", "enterprise:1", ["上海云岫机器人科技有限公司"]),
        ("yxjqr", "enterprise:1", ["云岫机器人"]),
        ("yunxiu", "enterprise:1", ["云岫"]),
        ("changling", "enterprise:2", ["长岭"]),
        ("cqcl", "enterprise:2", ["重庆长岭"]),
        ("谐波", "enterprise:1", ["谐波"]),
        ("ＲＶ减速", "enterprise:2", ["RV减速"]),
        ("yunting", "enterprise:3", ["云汀"]),
        ("YUNTING SOFT", "enterprise:3", ["云汀"]),
        ("首台套", "policy:1", ["首台（套"]),
        ("首台（套）", "policy:1", ["首台（套"]),
        ("gb/t 4754", "policy:1", ["GB", "T", "4754"]),
        ("500万元", "policy:1", ["500万元"]),
        ("云岫 减速器", "enterprise:1", ["云岫", "减速器"]),
        ("汀", "enterprise:3", ["汀"]),
    ],
)
def test_what_is_typed_finds_what_is_meant(index: Index, query: str, first: str, marks: list[str]) -> None:
    hits = index.search(query)
    assert ids(hits)[:1] == [first]
    assert marked(hits)[: len(marks)] == marks
    assert not hits.relaxed


def test_names_and_phrases_come_before_scattered_pieces() -> None:
    index = Index.in_memory()
    index.replace(
        [
            Entry("a", "document", "智能工厂与机器人", "人机协作，机器换人"),
            Entry("b", "document", "通知", "本次工作涉及机器人若干事项"),
            Entry("c", "enterprise", "上海机器人有限公司"),
            Entry("d", "document", "机器与人", "器人"),
        ]
    )
    assert ids(index.search("机器人"))[0] == "c"
    assert ids(index.search("机器人")).index("a") < ids(index.search("机器人")).index("b")
    assert ids(index.search("机器人"))[-1] in {"b", "d"}


def test_boost_lifts_an_entry() -> None:
    index = Index.in_memory()
    index.replace([Entry("a", "x", "减速器"), Entry("b", "x", "减速器", boost=2)])
    first, second = index.search("减速器")
    assert (first.id, second.id) == ("b", "a")
    assert first.score == pytest.approx(2 * second.score)


def test_nothing_whole_relaxes_and_says_so(index: Index) -> None:
    hits = index.search("云岫 不存在的词")
    assert hits.relaxed
    assert ids(hits)[0] == "enterprise:1"
    assert index.search("量子罗盘") == Hits("量子罗盘")


def test_kinds_restrict_and_counts_stay_whole(index: Index) -> None:
    hits = index.search("机器人", kinds=["policy"])
    assert ids(hits) == ["policy:1"]
    assert hits.total == 1
    assert hits.counts == {"enterprise": 2, "policy": 1}
    assert index.search("机器人", kinds=[]).total == 0


def test_the_wall_between_audiences_holds_for_hits_and_counts(index: Index) -> None:
    assert ids(index.search("减速器", audiences=["public"])) == ["enterprise:1"]
    assert ids(index.search("减速器", audiences=["internal"])) == ["enterprise:2"]
    assert index.search("减速器", audiences=["public"]).counts == {"enterprise": 1}
    assert not index.search("软件", audiences=["public", "internal"]).total  # without an audience: nobody's
    assert not index.search("减速器", audiences=[]).total
    assert index.search("软件").total == 1


def test_a_hit_carries_what_a_page_needs(index: Index) -> None:
    hit = index.search("关节模组").items[0]
    assert (hit.kind, hit.url, hit.extra) == ("enterprise", "/e/1", {"town": "马桥镇"})
    assert hit.fragment is not None
    assert [hit.fragment.text[a:b] for a, b in hit.fragment.spans] == ["关节模组"]


def test_the_fragment_is_the_window_that_holds_the_query() -> None:
    index = Index.in_memory()
    index.replace([Entry("d", "document", "长文", "前言与机构介绍。" * 60 + "六维力传感器攻关" + "后记与附件。" * 60)])
    fragment = index.search("六维力传感器").items[0].fragment
    assert fragment is not None
    assert "六维力传感器攻关" in fragment.text
    assert len(fragment.text) <= 120
    assert [fragment.text[a:b] for a, b in fragment.spans] == ["六维力传感器"]


def test_pages_of_results() -> None:
    index = Index.in_memory()
    index.replace(Entry(f"e:{i}", "x", f"传感器{i}号") for i in range(25))
    seen = [hit.id for offset in range(0, 30, 10) for hit in index.search("传感器", limit=10, offset=offset)]
    assert len(seen) == len(set(seen)) == 25
    assert index.search("传感器", limit=10, offset=10).total == 25


def test_put_replaces_and_delete_removes(tmp_path: Path) -> None:
    index = Index.open(tmp_path / "search")
    with index.writing() as writer:
        writer.put(Entry("e", "x", "旧名"))
        writer.put(Entry("e", "x", "新名"))
        writer.put(Entry("f", "x", "别名"))
    assert len(index) == 2
    assert not index.search("旧名").total
    assert index.search("新名").total == 1
    with index.writing() as writer:
        writer.delete("e")
        writer.delete("absent")
    assert not index.search("新名").total
    assert Index.open(tmp_path / "search").search("别名").total == 1


def test_of_entries_with_one_id_the_last_holds() -> None:
    index = Index.in_memory()
    assert index.replace([Entry("e", "x", "旧名"), Entry("f", "x", "别名"), Entry("e", "x", "新名")]) == 2
    assert not index.search("旧名").total
    assert index.search("新名").total == 1
    assert index.replace([]) == 0


def test_what_stays_the_same_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    index, written = Index.in_memory(), list[str]()
    made = _index._document
    monkeypatch.setattr(_index, "_document", lambda entry: (written.append(entry.id), made(entry))[1])
    first = [
        Entry("e", "x", "旧名", extra={"a": 1}),
        Entry("f", "x", "别名"),
        Entry("g", "x", "第三家", audience=("a",)),
    ]
    index.replace(first)
    assert index.replace(first) == 3
    assert written == ["e", "f", "g"]
    now = [replace(first[0], extra={"a": 2}), replace(first[2], audience=("b",)), Entry("h", "x", "新来")]
    assert index.replace(now) == 3
    assert written == ["e", "f", "g", "e", "g", "h"]
    assert not index.search("别名").total
    assert not index.search("第三家", audiences=["a"]).total
    assert index.search("第三家", audiences=["b"]).total == 1
    assert index.search("旧名").items[0].extra == {"a": 2}


def test_a_failed_write_leaves_all_as_it_was(index: Index) -> None:
    def broken() -> None:
        with index.writing() as writer:
            writer.clear()
            writer.put(Entry("z", "x", "不应出现"))
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        broken()
    assert len(index) == len(ENTRIES)
    assert not index.search("不应出现").total


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    first, second = Index.open(tmp_path / "search"), Index.open(tmp_path / "search")
    with first.writing() as writer:
        with pytest.raises(IndexLocked, match="another process"), second.writing():
            pass
        writer.put(Entry("e", "x", "减速器"))
    with second.writing() as writer:
        writer.put(Entry("f", "x", "减速器"))
    assert first.search("减速器").total == second.search("减速器").total == 2


def test_a_reader_sees_what_another_process_commits(tmp_path: Path) -> None:
    index = Index.open(tmp_path / "search")
    assert not index.search("减速器").total
    program = (
        "import sys, pathlib; from gangshen.engines.retrieval import Entry, Index\n"
        "with Index.open(pathlib.Path(sys.argv[1])).writing() as w: w.put(Entry('e', 'x', '减速器'))"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "search")], check=True, timeout=300)
    assert index.search("减速器").total == 1


def test_a_writer_that_is_killed_leaves_the_last_commit_and_no_lock(tmp_path: Path) -> None:
    index = Index.open(tmp_path / "search")
    index.replace(ENTRIES)
    program = (
        "import os, pathlib, signal, sys; from gangshen.engines.retrieval import Entry, Index\n"
        "with Index.open(pathlib.Path(sys.argv[1])).writing() as w:\n"
        "    w.clear(); [w.put(Entry(str(i), 'x', '减速器')) for i in range(500)]; os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "search")], check=False, timeout=300)
    assert done.returncode == -9
    assert len(index) == len(ENTRIES)
    with Index.open(tmp_path / "search").writing() as writer:
        writer.delete("policy:1")
    assert len(index) == len(ENTRIES) - 1


def test_a_folder_that_is_no_index_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep")
    for rebuild in (False, True):
        with pytest.raises(IndexUnusable, match="no search index"):
            Index.open(tmp_path, rebuild=rebuild)
    assert (tmp_path / "letter.txt").read_text() == "keep"


@pytest.mark.parametrize("damage", ["gangshen-index.json", "meta.json"])
def test_a_damaged_index_is_named_and_can_be_built_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "search"
    Index.open(path).replace(ENTRIES)
    (path / damage).write_text("{ not json")
    with pytest.raises(IndexUnusable, match="build it anew"):
        Index.open(path)
    index = Index.open(path, rebuild=True)
    assert len(index) == 0
    assert index.replace(ENTRIES) == len(ENTRIES)


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    Index.open(tmp_path / "search")
    (tmp_path / "search" / "gangshen-index.json").write_text('{"format": 0}')
    with pytest.raises(IndexUnusable, match="another version"):
        Index.open(tmp_path / "search")


def test_entries_that_cannot_be_indexed_are_refused() -> None:
    with pytest.raises(EntryError, match="id"):
        Entry("", "x", "t")
    with pytest.raises(EntryError, match="boost"):
        Entry("a", "x", "t", boost=0)
    with pytest.raises(EntryError, match="not JSON"):
        Index.in_memory().replace([Entry("a", "x", "t", extra={"at": object()})])


anything = st.text(st.characters(), max_size=60)
nasty = st.text(
    st.sampled_from("机器人减速 aAzZ09*?[](){}^$.|\\/\"'~+-:&!<>=，。（套）\u200b\ufeffİ\U0001f916"), max_size=60
)


@settings(max_examples=150, deadline=None)
@given(anything | nasty, st.integers(1, 5), st.integers(0, 3))
def test_any_text_is_a_safe_query(query: str, limit: int, offset: int) -> None:
    hits = SHARED.search(query, audiences=["public"], limit=limit, offset=offset)
    assert len(hits) <= limit
    for hit in hits:
        for fragment in (hit.title, hit.fragment):
            assert fragment is None or all(0 <= a < b <= len(fragment.text) for a, b in fragment.spans)
            assert fragment is None or list(fragment.spans) == sorted(fragment.spans)


@settings(max_examples=40, deadline=None)
@given(anything | nasty, anything | nasty)
def test_any_text_can_be_indexed_and_found_by_its_id(title: str, body: str) -> None:
    with SCRATCH.writing() as writer:
        writer.put(Entry("only", "x", title, body))
    assert len(SCRATCH) == 1
    for hit in SCRATCH.search(title or body):
        assert hit.id == "only"


SHARED = Index.in_memory()
SHARED.replace(ENTRIES)
SCRATCH = Index.in_memory()
