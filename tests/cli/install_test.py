"""An installation by `cmake --install` works from anywhere, after it was moved, and through a link."""

import os
import shutil
import subprocess

import pytest

from conftest import BUILD, ROOT, Mprofpp, needs, unsanitized

PYTHON = "/usr/bin/python3"


@pytest.fixture
def prefix(tmp_path):
    """An installation in a folder whose name contains a space."""
    needs("cmake")
    folder = tmp_path / "a prefix"
    command = ["cmake", "--install", BUILD, "--prefix", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 and "cannot find" in done.stderr:
        pytest.skip("SKIP: not everything is built")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def installed(prefix, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    mprofpp = Mprofpp(work)
    mprofpp.executable = prefix / "bin/mprofpp"
    return mprofpp


def records_and_draws(mprofpp, **options):
    done = mprofpp.record("-C", "-M", ["echo", "recorded"], **options)
    assert done.text == "recorded\n"
    assert mprofpp("peak", done.path, **options).status == 0
    for suffix, magic in (("png", b"\x89PNG"), ("svg", b"<"), ("pdf", b"%PDF")):
        picture = mprofpp.folder / f"picture{mprofpp.count}.{suffix}"
        drawn = mprofpp("plot", "-o", picture, done.path, **options)
        assert drawn.status == 0, drawn.err
        assert picture.read_bytes().startswith(magic)


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def names_in_package():
    folder = ROOT / "share/python/mprofpp"
    return [path.name for path in folder.iterdir() if path.suffix == ".py" or path.name == "py.typed"]


def test_an_installation_has_the_intended_files_and_no_others(prefix):
    pages = {f"share/man/man1/{page.name}" for page in (ROOT / "share/man").glob("*.1")}
    page = "share/mprofpp/html/page.html"  # npm builds it
    built = {page} if (BUILD / page).exists() else set()
    package = {f"share/mprofpp/python/mprofpp/{name}" for name in names_in_package()}
    assert files_below(prefix) == pages | built | package | {
        "bin/mprofpp",
        "libexec/mprofpp/hold",
        "lib/mprofpp/libmprofpp-draw.so",
        "share/bash-completion/completions/mprofpp",
        "share/zsh/site-functions/_mprofpp",
        "share/fish/vendor_completions.d/mprofpp.fish",
        "lib/mprofpp/libmprofpp-agent.so",
        "lib/mprofpp/libmprofpp-attach.so",
        "include/mprofpp.h",
        "share/mprofpp/python/pyproject.toml",
        "share/mprofpp/python/mprofpp_packing.py",
        "share/doc/mprofpp/format.md",
        "share/doc/mprofpp/inspect.md",
        "share/doc/mprofpp/leak.md",
        "share/doc/mprofpp/lines.md",
        "share/doc/mprofpp/marks.md",
        "share/doc/mprofpp/marks.svg",
        "share/doc/mprofpp/objects.md",
        "share/doc/mprofpp/python.md",
    }


def test_the_program_records_and_draws_from_an_installation(installed):
    records_and_draws(installed)


def test_the_program_works_from_an_installation_that_was_moved(installed, prefix, tmp_path):
    prefix.rename(tmp_path / "elsewhere")
    installed.executable = tmp_path / "elsewhere/bin/mprofpp"
    records_and_draws(installed)


def test_the_program_works_through_a_link_and_without_an_environment(installed, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(installed.executable)
    installed.executable = link
    # only the settings of a sanitizer, which are not for the program
    environment = {name: value for name, value in os.environ.items() if name == "LSAN_OPTIONS"}
    records_and_draws(installed, env=environment)


@unsanitized
def test_an_installation_has_its_agent_and_its_header(installed, prefix, tmp_path):
    needs("gcc")
    (tmp_path / "marked.c").write_text(
        '#include <mprofpp.h>\nint main(void) { MPROFPP_SCOPE("in C"); return 0; }\n'
    )
    command = ["gcc", "-I", prefix / "include", tmp_path / "marked.c", "-o", tmp_path / "marked"]
    subprocess.run(command, check=True)
    assert installed.record([tmp_path / "marked"]).recording.call("in C").level == 0
    source = "@profile\ndef in_python(): pass\nin_python()"
    assert installed.record([PYTHON, "-c", source]).recording.call("__main__.in_python").level == 0


def says_what_is_missing(done, part):
    (line,) = done.err.splitlines()
    return f"{part}: is missing" in line and "bin, lib and libexec" in line


def test_run_without_its_stub_says_which_file_is_missing_where(installed, prefix, tmp_path):
    started = tmp_path / "started"
    (prefix / "libexec/mprofpp/hold").unlink()
    done = installed("run", "touch", started)
    assert done.status == 125 and not started.exists()
    assert says_what_is_missing(done, prefix / "libexec/mprofpp/hold")
    assert list(installed.folder.iterdir()) == []


def test_a_program_that_was_copied_alone_says_which_files_belong_to_it(installed, prefix, tmp_path):
    alone = tmp_path / "alone/bin/mprofpp"
    alone.parent.mkdir(parents=True)
    shutil.copy(prefix / "bin/mprofpp", alone)
    path = installed.record(["true"]).path
    installed.executable = alone
    assert says_what_is_missing(installed("run", "true"), tmp_path / "alone/libexec/mprofpp/hold")
    for suffix in ("png", "pdf"):
        drawn = installed("plot", "-o", f"x.{suffix}", path)
        assert drawn.status == 1 and not (installed.folder / f"x.{suffix}").exists()
        assert says_what_is_missing(drawn, tmp_path / "alone/lib/mprofpp/libmprofpp-draw.so")
        assert drawn.says(".svg works without it")
    assert installed("plot", "-o", "x.svg", path).status == 0
    assert installed("attach", "-q", "-t", "10ms", os.getpid()).status == 0


def test_a_drawing_module_of_another_build_is_refused(installed, prefix):
    path = installed.record(["true"]).path
    shutil.copy(BUILD / "tests/preload/other_draw.so", prefix / "lib/mprofpp/libmprofpp-draw.so")
    drawn = installed("plot", "-o", "x.png", path)
    assert drawn.status == 1 and drawn.says("belongs to another build of mprofpp")
    assert not (installed.folder / "x.png").exists()


def packages_of(folder):
    """Returns the path at which Python finds mprofpp there, and whether `profile` is the identity."""
    source = "import mprofpp; print(mprofpp.__file__, mprofpp.profile(len) is len)"
    words = ["env", f"PYTHONPATH={folder}", PYTHON, "-c", source]
    return subprocess.run(words, capture_output=True, text=True, check=True, cwd="/").stdout.split(" ")


def test_the_python_package_of_an_installation_can_be_used_in_place(prefix):
    package = prefix / "share/mprofpp/python"
    *path, is_identity = packages_of(package)
    assert " ".join(path) == f"{package}/mprofpp/__init__.py" and is_identity == "True\n"


def test_the_python_package_of_an_installation_installs_without_a_network(installed, prefix, tmp_path):
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-pip is not installed")
    target, package = tmp_path / "target", prefix / "share/mprofpp/python"
    command = [PYTHON, "-m", "pip", "install", "-q", "--no-index", "--target", target, package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert packages_of(target) == [f"{target}/mprofpp/__init__.py", "True\n"]
    version = installed("--version").text.split()[1]
    assert (target / f"mprofpp-{version}.dist-info/METADATA").exists()


def test_no_file_of_an_installation_refers_to_the_build_folder(prefix):
    needs("readelf")
    for binary in (prefix / "bin/mprofpp", prefix / "lib/mprofpp/libmprofpp-draw.so"):
        dynamic = subprocess.run(["readelf", "-d", binary], capture_output=True, text=True, check=True)
        assert os.fspath(BUILD) not in dynamic.stdout


def test_a_part_that_is_missing_is_reported_in_one_line(installed, prefix):
    shutil.rmtree(prefix / "libexec")
    done = installed("run", "touch", "started")
    assert done.status == 125
    assert len(done.said) == 1 and done.says("libexec/mprofpp/hold")
    assert list(installed.folder.iterdir()) == []
