"""A reference is written and read back the same, and nothing else passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.evidence import Ref, RefError

plain = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="@#"), min_size=1, max_size=12)
refs = st.builds(
    Ref,
    st.from_regex(r"[a-z]+", fullmatch=True),
    plain,
    st.none() | plain,
    st.none() | st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=12),
)


@given(refs)
def test_what_is_written_is_read_back(ref: Ref) -> None:
    assert Ref.parse(str(ref)) == ref


@given(st.text())
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    try:
        ref = Ref.parse(text)
    except RefError as error:
        assert "scheme:id" in str(error)
    else:
        assert str(ref) == text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("doc:plan@9f2c#120-148", (120, 148)),
        ("doc:plan#0-0", (0, 0)),
        ("rec:17#rd_ratio", None),
        ("obs:gdp@2025Q1", None),
        ("job:x#3", None),
        ("doc:plan#120-", None),
    ],
)
def test_spans_are_told_from_other_parts(text: str, span: tuple[int, int] | None) -> None:
    assert Ref.parse(text).span == span


@pytest.mark.parametrize(
    "text", ["", "doc", "doc:", ":x", "Doc:x", "doc:a b", "doc:a@", "doc:a#", "doc:a@b@c d", "doc:a\n"]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(RefError):
        Ref.parse(text)
