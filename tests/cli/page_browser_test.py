"""The page of `plot -o x.html`: its own tests, which npm runs, and pages of the built mprofpp in Chromium.

The screenshots of the browser's tests are in share/html/build/pages.
"""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "share/html"
DATA = ROOT / "tests/data"
RECORDINGS = ("every-kind", "kids-60", "mprof-gunicorn-CM", "mprof-python-func", "server-calls", "sparse")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def obstacle():
    if shutil.which("npm") is None:
        return "npm is not installed"
    if not (FOLDER / "node_modules/esbuild").exists():
        return "run npm ci in share/html"
    return None


needs_npm = pytest.mark.skipif(obstacle() is not None, reason=f"SKIP: {obstacle()}")
needs_browser = pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="SKIP: needs chromium")


def npm(*arguments, **environment):
    done = subprocess.run(
        ["npm", "run", "--silent", *arguments],
        cwd=FOLDER,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@needs_npm
def test_the_types_and_the_layout_of_the_page_are_right():
    npm("check")


@needs_npm
def test_the_code_of_the_page_that_reads_recordings_passes_its_tests():
    npm("test")


@needs_npm
@needs_browser
def test_pages_of_samples_and_of_recordings_pass_their_tests_in_a_browser(mprofpp, tmp_path):
    npm("build")
    pages = []
    for name in RECORDINGS:
        page = tmp_path / f"{name}.html"
        done = mprofpp("plot", "-o", page, DATA / f"{name}.dat")
        assert done.status == 0, done.stderr
        pages.append(str(page))
    npm("test:browser", MPROFPP_PAGES=":".join(pages))
