"""A built wheel carries every file the running software reads."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from houseplan import PACKAGE, ROOT, tracked

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built from what git keeps, the chart library and the compiled words."""
    tree = tmp_path_factory.mktemp("tree")
    made = [*(PACKAGE / "web/static/vendor").glob("*"), *(PACKAGE / "web/locale").rglob("*.mo")]
    for file in [*tracked(), *made]:
        target = tree / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    build = "from setuptools.build_meta import build_wheel; build_wheel('out')"
    (tree / "out").mkdir()
    done = subprocess.run([sys.executable, "-c", build], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = (tree / "out").glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_every_file_of_the_package_is_carried(carried: set[str]) -> None:
    wanted = {str(path.relative_to(ROOT / "src")) for path in tracked() if PACKAGE in path.parents}
    assert not sorted(wanted - carried)


def test_compiled_words_and_charts_are_carried(carried: set[str]) -> None:
    assert any(name.endswith("zh_Hans/LC_MESSAGES/django.mo") for name in carried)
    if (PACKAGE / "web/static/vendor/echarts.min.js").exists():
        assert "gangshen/web/static/vendor/echarts.min.js" in carried


def test_nothing_else_is_carried(carried: set[str]) -> None:
    strangers = [name for name in carried if not name.startswith("gangshen/") and ".dist-info/" not in name]
    assert not strangers
    assert not [name for name in carried if Path(name).parts[-1].startswith("test_")]
