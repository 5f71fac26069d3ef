"""Everything a checkout needs, with nothing but Python: ``python3 tools/dev.py VERB``. ``make VERB`` is the same.

setup        lay .venv, fetch the chart library, compile translations
run          setup, then start the demo zone [--port N]
test         setup, style, types, imports, migrations, quick tests on SQLite
test-full    the whole suite on PostgreSQL, with browser, kill and fuzz tests
check        style, types, imports and migrations only
bench NAME   run benchmarks/NAME
lock         renew the lock files
docs         renew docs/reference from the code
screenshots  take the pictures of docs/images
"""

# Kept readable by old Pythons, so that they can say which one is needed.
import os
import shutil
import subprocess
import sys

NEWER = ("python3.13", "python3.12", "python3.11", "python3.14")


def _newer_python():
    for name in NEWER:
        path = shutil.which(name)
        probe = [path, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if path and subprocess.call(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def _need_python():
    """Hand over to a Python of 3.11 or newer; with none on this machine, say how to get one."""
    if sys.version_info >= (3, 11):  # noqa: UP036
        return
    path = _newer_python()
    if path:
        os.execv(path, [path, *sys.argv])
    sys.exit(
        "Gangshen needs Python 3.11 or newer; this is {}.{}.\n".format(*sys.version_info[:2])
        + "  sudo apt install python3.11 python3.11-venv   (Debian 12, Ubuntu 24.04: python3 python3-venv)\n"
        + "  brew install python                           (macOS)"
    )


def main(arguments):
    _need_python()
    from _shell import Stop, say
    from _verbs import VERBS

    verb, *rest = arguments or ["help"]
    if verb not in VERBS:
        say(__doc__.strip())
        return 0 if verb in {"help", "-h", "--help"} else 2
    try:
        return VERBS[verb](rest)
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
