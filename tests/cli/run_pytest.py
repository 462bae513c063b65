"""Runs one file of tests with Debian's pytest, or prints SKIP if it is not installed: that is not a pass.

Writes a JUnit file named after MPROFPP_TEST_NAME into the folder MPROFPP_TEST_REPORTS, if that is set.
"""

import importlib.util
import os
import signal
import sys


def report_options():
    folder = os.environ.get("MPROFPP_TEST_REPORTS")
    name = os.environ.get("MPROFPP_TEST_NAME", "").replace("/", ".")
    return [f"--junit-xml={folder}/{name}.xml"] if folder and name else []


if importlib.util.find_spec("pytest") is None:
    print("SKIP: python3-pytest is not installed; scripts/install_dependencies installs it")
    sys.exit(77)

for number in (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
):  # nohup and a shell's & make children ignore these
    signal.signal(number, signal.SIG_DFL)
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
options = ["-q", "-rs", "-p", "no:cacheprovider", "--tb=short", *report_options()]
os.execv(sys.executable, [sys.executable, "-m", "pytest", *options, *sys.argv[1:]])
