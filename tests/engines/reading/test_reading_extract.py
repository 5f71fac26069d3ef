import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_files import PLAN, make_docx, make_html, make_ofd, make_pdf, make_picture_pdf, make_zip

from gangshen.engines.reading import (
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    HostileDocument,
    MislabelledDocument,
    OversizedDocument,
    ScannedDocument,
    UnreadableDocument,
    UnsupportedDocument,
    extract,
    read,
)

TEXT = PLAN.strip()


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (make_docx(), "docx"),
        (make_pdf(head="青禾区人民政府文件"), "pdf"),
        (make_ofd(), "ofd"),
        (make_html(), "html"),
        (TEXT.encode(), "txt"),
        (TEXT.encode("gb18030"), "txt"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "txt"),
        (TEXT.replace("\n", "\r\n").encode("utf-16"), "txt"),
    ],
)
def test_every_format_gives_the_same_text(data: bytes, form: str) -> None:
    source = extract(data, f"方案.{form}")
    assert source.format == form
    assert source.text == TEXT
    assert all(source.text[b.start : b.end].strip() for b in source.blocks)


def test_blocks_lead_back_to_page_and_paragraph() -> None:
    source = extract(make_pdf(lines_per_page=5), "a.pdf")
    place = source.place(source.text.index("加强组织领导"))
    assert place is not None
    assert place.page == source.pages
    assert source.place(0) == source.blocks[0]
    assert source.place(10**9) is None


def test_a_paragraph_goes_on_over_the_page_break() -> None:
    source = extract(make_pdf(lines_per_page=7, columns=30), "a.pdf")
    assert "降低整机企业的采购成本和供货周期" in source.text


def test_tables_become_rows() -> None:
    source = extract(make_docx(table=[["任务", "责任单位"], ["试飞平台", "区经委"]]), "a.docx")
    rows = [source.text[b.start : b.end] for b in source.blocks if b.kind == "row"]
    assert rows == ["任务\t责任单位", "试飞平台\t区经委"]
    page = b"<html><body><table><tr><th>A</th><td>1</td></tr></table><p>B</p></body></html>"
    assert extract(page, "a.html").text == "A\t1\nB"


def test_automatic_numbers_of_word_are_printed() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.append(
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
        )
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, text in (
        (0, "总体目标"),
        (0, "主要任务"),
        (1, "建设平台"),
        (1, "引育人才"),
        (0, "保障措施"),
        (1, "强化统筹"),
    ):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )
    out = io.BytesIO()
    document.save(out)
    lines = extract(out.getvalue(), "a.docx").text.splitlines()
    assert lines == ["一、总体目标", "二、主要任务", "1.建设平台", "2.引育人才", "三、保障措施", "1.强化统筹"]


def test_revisions_are_read_as_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("培育企业")
    run = "<w:r><w:t>{}</w:t></w:r>"
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a">{run.format("三十家")}</w:ins>'))
    deleted = f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>二十家</w:delText></w:r></w:del>'
    paragraph._p.append(parse_xml(deleted))
    out = io.BytesIO()
    document.save(out)
    assert extract(out.getvalue(), "a.docx").text == "培育企业三十家"


def test_the_content_decides_not_the_suffix() -> None:
    source = extract(make_docx(), "方案.pdf")
    assert source.format == "docx"
    assert source.notes == ("named .pdf, read as docx",)


def _encrypted_office() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600


def _with_entities() -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(make_docx()))
    parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    parts["word/document.xml"] = bomb + parts["word/document.xml"].split(b"?>", 1)[1]
    return make_zip(parts)


@pytest.mark.parametrize(
    ("data", "name", "error", "words"),
    [
        (b"", "空.txt", EmptyDocument, "empty"),
        (b"  \r\n ", "空.txt", EmptyDocument, "empty"),
        (make_docx(" "), "空.docx", EmptyDocument, "no text"),
        (make_pdf(password="x"), "密.pdf", EncryptedDocument, "password"),
        ("一、任务。".encode(), "方案.docx", MislabelledDocument, "plain text inside"),
        ("一、任务。".encode(), "方案.pdf", MislabelledDocument, "plain text inside"),
        (_encrypted_office(), "密.docx", EncryptedDocument, "password"),
        (make_picture_pdf(), "扫.pdf", ScannedDocument, "scan"),
        (b"\x89PNG\r\n\x1a\n" + b"\x01" * 50, "扫.png", ScannedDocument, "picture"),
        (make_zip({"xl/workbook.xml": "<x/>"}), "表.xlsx", UnsupportedDocument, "spreadsheet"),
        (b"%PDF-1.7\ngarbage", "坏.pdf", UnreadableDocument, "damaged"),
        (make_docx()[:900], "坏.docx", UnreadableDocument, "broken"),
        (bytes(range(256)) * 40, "坏.txt", UnreadableDocument, "UTF-8"),
        (_with_entities(), "险.docx", HostileDocument, "entities"),
        (make_zip({"word/document.xml": b"0" * 60_000_000}), "弹.docx", HostileDocument, "zip bomb"),
        (make_zip({"OFD.xml": "<a"}), "坏.ofd", UnreadableDocument, "OFD.xml"),
    ],
)
def test_refusals_name_file_reason_and_remedy(data: bytes, name: str, error: type[DocumentError], words: str) -> None:
    with pytest.raises(error) as caught:
        extract(data, name)
    assert str(caught.value).startswith(f"{name}: ")
    assert words in str(caught.value)
    assert caught.value.text.zh.startswith(f"{name}：")
    assert caught.value.remedy_en in str(caught.value)


def test_the_size_limit_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gangshen.engines.reading._extract.LIMIT_BYTES", 1024 * 1024)
    with pytest.raises(OversizedDocument, match="at most 1 MB"):
        extract(b"x" * (1024 * 1024 + 1), "大.txt")


_SEEDS = {"docx": make_docx(), "pdf": make_pdf(), "ofd": make_ofd(), "html": make_html(), "txt": TEXT.encode()}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(_SEEDS)),
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
    st.integers(0, 400),
)
def test_damaged_files_are_read_or_refused_never_worse(form: str, edits: list[tuple[int, bytes]], cut: int) -> None:
    data = bytearray(_SEEDS[form])
    for place, content in edits:
        at = place % len(data)
        data[at : at + len(content)] = content
    if cut > 300:
        del data[-cut:]
    try:
        source = extract(bytes(data), f"x.{form}")
    except DocumentError:
        return
    reading = read(source)
    for item in reading.items():
        assert source.text[item.start : item.end] == item.quote


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        extract(data, "x.bin")
    except DocumentError as error:
        assert "x.bin" in str(error)


def test_a_page_laid_out_in_tables_is_read_as_text() -> None:
    body = "".join(f"<p>{line}</p>" for line in TEXT.splitlines()) * 4
    page = f"<html><body><table><tr><td>菜单</td><td><table><tr><td>{body}</td></tr></table></td></tr></table></body></html>"
    assert extract(page.encode(), "a.html").text == "菜单\n" + "\n".join([TEXT] * 4)


def test_the_furniture_of_a_page_is_left_out() -> None:
    page = (
        "<html><head><meta charset='gb18030'><title>x</title></head><body><div>您的位置：首页 > 政策</div><h1>青禾区行动方案</h1>"
        "<div>【字体：大 中 小】</div><span>打印</span><div>分享到：微信 微博</div><p>一、总体目标</p><p>打造高地。</p><p>上一篇：别的方案</p></body></html>"
    )
    assert extract(page.encode("gb18030"), "a.htm").text.splitlines() == [
        "青禾区行动方案",
        "一、总体目标",
        "打造高地。",
    ]


def test_unclosed_and_nested_tables_lose_nothing() -> None:
    page = b"<html><body><table><tr><td>A<td>1<tr><td>B<td><table><tr><td>2<td>3</table></body></html>"
    assert sorted(extract(page, "a.html").text.split()) == ["1", "2", "3", "A", "B"]
