"""The ladder desk: from the answer to a firm's missing items, a coaching list, and the firm's own door."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import browser

AsUser = Callable[[str], browser.Window]
pytestmark = pytest.mark.full


def test_from_the_answer_to_a_coaching_list(as_user: AsUser) -> None:
    window = as_user("operator")
    window.open("/ladder/")
    said = window.text("main .answer")
    assert "四类称号企业（去重）" in said and "180 天内到期" in said
    window.press("#near a.row")
    assert "下一层级" in window.text("#panel")
    window.press("#panel .btn-1")
    window.press("main .btn-1")
    assert "家企业以" in window.text("main .answer") and "辅导中" in window.text("#firms")
    window.size(*browser.PHONE)
    window.open("/ladder/")
    assert window.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    window.size(*browser.DESKTOP)
    firm = as_user("firm")
    firm.open("/my/")
    assert "梯度培育" in firm.text("#ladder")
