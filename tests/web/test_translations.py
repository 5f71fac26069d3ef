"""Every sentence of the interface has its Chinese: the console's first language is never a gap filled with English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import gangshen

SOURCE = Path(gangshen.__file__).parent
CATALOGUE = SOURCE / "web" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
QUOTED = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
FIELD = re.compile(r"%\(\w+\)[sd]")


def in_python(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in CALLS and isinstance(node.args[0].value, str):
                yield node.args[0].value


def in_template(file: Path) -> Iterator[str]:
    for found in re.finditer(rf"\bn?gettext\({QUOTED}", templatize(file.read_text(encoding="utf-8"))):
        yield ast.literal_eval(found[1])


def sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in file.parts:
            found |= dict.fromkeys(in_python(file), str(file.relative_to(SOURCE)))
    for file in sorted(SOURCE.rglob("templates/**/*.html")):
        found |= dict.fromkeys(in_template(file), str(file.relative_to(SOURCE)))
    return found


def catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        messages = read_po(file, locale="zh_Hans", abort_invalid=True)
    ids = {(one.id if isinstance(one.id, str) else one.id[0]): one.string for one in messages if one.id}
    return {key: text if isinstance(text, str) else text[0] for key, text in ids.items()}


def test_every_sentence_is_translated() -> None:
    known = catalogue()
    missing = {text: where for text, where in sentences().items() if not known.get(text)}
    lines = "\n".join(f'{where}: msgid "{text}"' for text, where in missing.items())
    assert not missing, f"add these to {CATALOGUE.name}:\n{lines}"


def test_the_search_finds_sentences() -> None:
    assert {"Log in", "Forecast", "Skip to content"} <= set(sentences())


@pytest.mark.parametrize("text", [key for key in catalogue() if FIELD.search(key)])
def test_a_translation_keeps_its_fields(text: str) -> None:
    assert set(FIELD.findall(catalogue()[text])) == set(FIELD.findall(text))
