"""Help, manual pages and completions have the same options, and the scripts explain their usage."""

import re
import shutil
import subprocess

import pytest

from conftest import BUILD, ROOT, needs

COMPLETIONS = BUILD / "share/completions"
TABLE = (ROOT / "apps/mprofpp/commands/all.cpp").read_text()
COMMANDS = re.findall(r'CommandEntry{"(\w+)"', TABLE)
assert 0 < len(COMMANDS) == TABLE.count("CommandEntry{")  # none of them is left out


def options_of(mprofpp, command):
    """Every spelling of every option that --help shows."""
    lines = mprofpp(command, "--help").text.split("options:\n")[1].splitlines()
    return [
        spelling
        for line in lines
        if re.match(r" {2,6}-", line)
        for spelling in re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", line[:32])
    ]


def page_of(command):
    own = ROOT / f"share/man/mprofpp-{'mark' if command == 'span' else command}.1"
    text = (own if own.exists() else ROOT / "share/man/mprofpp.1").read_text()
    return re.sub(r"\\f[A-Z]", "", text).replace("\\-", "-")


def test_every_command_of_the_help_is_in_the_manual_and_in_the_completions(mprofpp):
    shown = re.findall(r"^  ([a-z]+)  ", mprofpp("--help").text.split("commands:\n")[1], re.MULTILINE)
    page = (ROOT / "share/man/mprofpp.1").read_text()
    for command in shown:
        assert re.search(rf"^\.B {command}\b", page, re.MULTILINE)
        for file in ("mprofpp.bash", "_mprofpp", "mprofpp.fish"):
            assert re.search(rf"\b{command}\b", (COMPLETIONS / file).read_text())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_the_help_is_in_the_manual_page(mprofpp, command):
    options = options_of(mprofpp, command)
    assert "--help" in options
    for option in options:
        assert re.search(rf"{option}(?![\w-])", page_of(command)), f"{option} is missing"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("shell", ["_mprofpp", "mprofpp.fish"])
def test_every_long_option_of_the_help_is_completed(mprofpp, command, shell):
    text = (COMPLETIONS / shell).read_text()
    for option in options_of(mprofpp, command):
        if option.startswith("--") and option != "--version":
            name = option[2:]
            assert re.search(rf"(--{name}|-l {name})\b", text), f"{option} is missing"


def test_bash_completes_commands_options_and_recordings(mprofpp, tmp_path):
    (tmp_path / "runs").mkdir()
    for name in ("x.dat", "xjob.py", "runs/x.dat"):
        (tmp_path / name).write_text("")
    script = """
source "$1"; PATH="$2:$PATH"
complete_line() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mprofpp; echo "${COMPREPLY[*]}"; }
complete_line mprofpp pe
complete_line mprofpp help pe
complete_line mprofpp run --inc
complete_line mprofpp plot --theme d
complete_line mprofpp peak x
complete_line mprofpp peak r
complete_line mprofpp peak runs/
complete_line mprofpp run -o new.dat xj
complete_line mprofpp lines xj
complete_line mprofpp lines x.dat --per-p
complete_line mprofpp run xjob.py --inc
complete_line mprofpp span sort -- mprofp
complete_line mprofpp clean x
"""
    completions = COMPLETIONS / "mprofpp.bash"
    command = ["bash", "-c", script, "bash", completions, mprofpp.executable.parent]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines() == [
        *["peak", "peak", "--include-children", "dark"],
        *["x.dat", "runs", "runs/x.dat"],
        *["xjob.py", "xjob.py", "--per-process", "", "mprofpp", ""],
    ]


def test_zsh_and_fish_accept_their_completions():
    found = 0
    for shell, file in (("zsh", "_mprofpp"), ("fish", "mprofpp.fish")):
        if subprocess.run(["which", shell], capture_output=True, check=False).returncode == 0:
            subprocess.run([shell, "-n", COMPLETIONS / file], check=True)
            found += 1
    if not found:
        pytest.skip("SKIP: neither zsh nor fish is installed")


def test_man_reads_the_manual_pages_without_a_warning():
    needs("man")
    for page in (ROOT / "share/man").glob("*.1"):
        command = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert "NAME" in re.sub(r".\x08|\x1b\[[\d;]*m", "", done.stdout)


def versions_in(*files):
    """The first version of mprofpp in each file."""
    version = re.compile(r"mprofpp\D{1,12}(\d+\.\d+\.\d+)")
    return {file.name: version.search(file.read_text())[1] for file in files}


def test_the_manual_pages_and_the_package_have_the_version_of_the_program(mprofpp):
    package = ROOT / "share/python"
    files = [package / "mprofpp_packing.py", package / "mprofpp/version.py"]
    files += (ROOT / "share/man").glob("*.1")
    version = mprofpp("--version").text.removeprefix("mprofpp ").strip()
    assert versions_in(*files) == dict.fromkeys([file.name for file in files], version)


def test_a_new_version_is_written_into_every_file(tmp_path):
    files = ["CMakeLists.txt", "share/python/mprofpp_packing.py", "share/python/mprofpp/version.py"]
    files += [str(page.relative_to(ROOT)) for page in (ROOT / "share/man").glob("*.1")]
    for file in ["scripts/set_version", *files]:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    subprocess.run([tmp_path / "scripts/set_version", "12.34.56"], check=True)
    written = versions_in(*(tmp_path / file for file in files))
    assert set(written.values()) == {"12.34.56"} and len(written) == len(files)


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.3", "1.2.3 "])
def test_text_that_is_not_a_version_is_refused(version):
    command = [ROOT / "scripts/set_version", version]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "is not a version" in done.stderr


def test_the_readme_starts_with_the_two_commands():
    text = (ROOT / "README.md").read_text()
    commands = re.findall(r"^ {4}(\S+)$|^(scripts/\S+)$", text, re.MULTILINE)
    assert [a or b for a, b in commands][:2] == ["scripts/quickstart", "scripts/test"]


@pytest.mark.parametrize(
    "document, chart",
    [
        ("README.md", "server-80"),
        ("share/doc/pictures.md", "server-100-leak"),
        ("share/doc/pictures.md", "server-100-flame"),
        ("share/doc/pictures.md", "gunicorn-80-stack"),
    ],
)
def test_the_charts_of_text_in_documents_are_the_accepted_ones(document, chart):
    assert (ROOT / f"tests/golden/{chart}.txt").read_text() in (ROOT / document).read_text()


@pytest.mark.parametrize(
    "script",
    [
        "quickstart",
        "test",
        "install_dependencies",
        "bench",
        "check_arrows",
        "check_english",
        "check_tidy",
        "set_version",
    ],
)
def test_the_scripts_can_be_executed(script):
    assert (ROOT / "scripts" / script).stat().st_mode & 0o111


def test_install_dependencies_does_nothing_if_all_is_installed():
    done = subprocess.run(
        [ROOT / "scripts/install_dependencies"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("SKIP: this machine has other packages")
    assert "all packages are installed" in done.stdout


def test_an_unknown_option_of_install_dependencies_is_refused():
    command = [ROOT / "scripts/install_dependencies", "--nonsense"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--nonsense" in done.stderr
