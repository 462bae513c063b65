"""Sources of Debian packages, whose own tests are recorded."""

import fcntl
import subprocess

import pytest

from conftest import BUILD, ROOT


def source_of(package, *options):
    """Returns the folder with the source of a package. Downloads it the first time; tests that need it at the
    same time wait. Skips the test if the archive does not have it."""
    folder = BUILD / "sources" / package
    folder.parent.mkdir(exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            download(package, folder, options)
    return folder


def download(package, folder, options):
    command = [ROOT / "scripts/source_package", *options, package, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
