"""Every sentence of pages, messages and commands has its Chinese, and keeps its placeholders."""

from __future__ import annotations

import translations


def test_the_search_finds_sentences() -> None:
    found = {message.id for message in translations.wanted()}
    assert {"Log in", "Skip to content"} <= found
    assert len(found) > 100


def test_every_sentence_is_translated() -> None:
    absent = [f"{message.id!r} ({message.locations[0][0]})" for message in translations.missing()]
    assert not absent, "tools/translations.py prints them ready to be completed"


def test_translations_keep_their_placeholders() -> None:
    assert not translations.faults()


def test_no_sentence_is_translated_twice() -> None:
    assert len(translations.blocks()) > 100
    assert not translations.repeated(), "tools/translations.py --tidy drops the later ones"
