"""The benchmark's document is read whole, in both formats."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _benchmark() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks/documents/run.py"
    spec = importlib.util.spec_from_file_location("documents_benchmark", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_all_that_is_planted_is_found(form: str, tmp_path: Path) -> None:
    benchmark = _benchmark()
    lines, planted = benchmark.planted(25)
    path = tmp_path / f"plan.{form}"
    path.write_bytes(benchmark.make_docx(lines) if form == "docx" else benchmark.make_pdf(lines)[0])
    assert benchmark.by_gangshen(path) == planted
