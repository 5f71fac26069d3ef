"""Start of a supervised process: it ends when its supervisor does, however that ends.

Run as ``python -m gangshen.apps.runs.adapters.child SUPERVISOR_PID COMMAND…``. On Linux the kernel is asked for a
signal at the parent's death, which holds across exec; elsewhere a killed supervisor leaves its children running.
"""

from __future__ import annotations

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    supervisor, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:  # it died before the kernel was asked
            sys.exit(0)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
