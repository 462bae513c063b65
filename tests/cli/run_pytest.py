"""Runs one file of tests with Debian's pytest, or says SKIP where there is none: that is not a pass."""

import importlib.util
import os
import signal
import sys

if importlib.util.find_spec("pytest") is None:
    print("SKIP: python3-pytest is not installed; scripts/install_dependencies installs it")
    sys.exit(77)

for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):  # nohup and a shell's & leave them ignored
    signal.signal(number, signal.SIG_DFL)
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
os.execv(
    sys.executable,
    [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "--tb=short"] + sys.argv[1:],
)
