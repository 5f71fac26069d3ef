"""A match killed at any moment and started again decides the same, and nobody is asked twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from browser import environment, gangshen

pytestmark = pytest.mark.full

MATCH = """
from gangshen.web.boot import boot
boot()
from gangshen.apps.identity.services import now, today
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy
from gangshen.apps.runs.services import recover
recover(now())
services.start(today(), actor=None, now=now(), inline=True)
held = services.confirm_list(Policy.objects.get(key="high-tech-award"), today(), actor=None, now=now())
services.send_list(held, actor=None, now=now())
"""
TOLD = """
from gangshen.web.boot import boot
boot()
import hashlib, json
from gangshen.apps.cases.models import Case
from gangshen.apps.policies import services
from gangshen.apps.policies.models import ConfirmLine, ConfirmList
run = services.last_two()[0]
frame = services.decisions(run)
print(json.dumps({
    "rows": frame.height,
    "digest": hashlib.sha256(frame.write_csv().encode()).hexdigest(),
    "cases": Case.objects.filter(type=services.CONFIRM).count(),
    "lists": ConfirmList.objects.count(),
    "lines": ConfirmLine.objects.count(),
    "unasked": ConfirmLine.objects.filter(case=None, state="pending").count(),
}))
"""


def python(home: Path, code: str, kill_after: float | None = None) -> tuple[bool, str]:
    """Carry out ``code`` on the data of ``home``; was it cut off, and what did it print?"""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if kill_after is not None:
        time.sleep(kill_after)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True, ""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return False, out


def told(home: Path) -> dict[str, object]:
    return dict(json.loads(python(home, TOLD)[1].splitlines()[-1]))


def test_a_match_killed_at_several_moments_decides_the_same_and_asks_once(tmp_path: Path) -> None:
    calm, shaken = tmp_path / "calm", tmp_path / "shaken"
    for home in (calm, shaken):
        home.mkdir()
        assert gangshen(home, "up", "--no-serve").returncode == 0
    began = time.monotonic()
    python(calm, MATCH)
    took = time.monotonic() - began
    expected = told(calm)
    assert expected["rows"] and expected["cases"] and not expected["unasked"]

    cuts = [python(shaken, MATCH, took * share)[0] for share in (0.3, 0.5, 0.65, 0.8, 0.9)]
    assert any(cuts), "no match was cut off: the test killed nothing"
    python(shaken, MATCH)
    assert told(shaken) == expected
    python(shaken, MATCH)  # and once more, undisturbed: nothing is added
    assert told(shaken) == expected
