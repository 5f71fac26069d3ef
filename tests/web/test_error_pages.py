"""Error pages say what happened and what to do, in both languages, and stand even when little else does."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

PAGES = {
    "400.html": ("无法读取这一请求", "can&#x27;t be read"),
    "403.html": ("不在你的权限内", "Not open to your role"),
    "403_csrf.html": ("表单已过期", "This form has expired"),
    "404.html": ("没有这个页面", "There is no such page"),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.django_db
def test_an_error_page_speaks_the_language_and_leads_home(name: str) -> None:
    for language, words in zip(("zh-hans", "en"), PAGES[name], strict=True):
        with translation.override(language):
            html = render_to_string(name, {}, RequestFactory().get("/x/"))
        assert words.replace("&#x27;", "'") in html.replace("&#x27;", "'")
        assert 'href="/"' in html


def test_the_page_of_a_fault_of_ours_needs_nothing_that_may_have_failed() -> None:
    html = render_to_string("500.html")
    assert "没有写入任何内容" in html
    assert 'lang="en"' in html
    assert "{%" not in html
