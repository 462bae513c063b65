"""scripts/check_english reports each phrase that is not used any more. One run finds all that are planted."""

import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# file, its text, where the finding is, the phrase that is reported, and the preferred one
VIOLATIONS = [
    ("lib/comment.cpp", "int a;\n// starts anew\n", 2, "anew", "again"),
    ("lib/trailing.cpp", "int a;  // is no regular file\n", 1, "is no regular", "is not a"),
    ("lib/two_lines.cpp", "// the name has a\n// blank, or is\n// no file\n", 2, "blank", "space"),
    ("lib/two_lines.cpp", "", 2, "is no file", "is not a"),
    ("lib/block.c", "/*\n * all fields are\n * parted by commas\n */\n", 3, "parted", "separated"),
    ("lib/doc.hpp", "/// Of those the last.\nint a;\n", 1, "/// of", "a verb or a noun first"),
    ("lib/what.hpp", "int a;\n  /// What is recorded.\n", 2, "/// what", "a verb or a noun first"),
    ("lib/who.hpp", "// a process who forks\n", 1, "who", "that, which, or a process that"),
    ("apps/message.cpp", 'say("nice -20 takes root");\n', 1, "takes root", "needs root"),
    (
        "apps/joined.cpp",
        'say("children and others\' "\n    "come and go");\n',
        2,
        "come and go",
        "start and exit",
    ),
    ("apps/joined.cpp", "", 1, "others'", "of other processes"),
    ("apps/raw.cpp", 'say(R"(first\nis told)");\n', 2, "told", "reports, prints, writes or notifies"),
    ("share/man/mprofpp.1", ".TP\nRecorded as a rule.\n", 2, "as a rule", "usually"),
    ("share/doc/format.md", "The others, besides.\n", 1, "besides", "also, or in addition to"),
    ("share/completions/_mprofpp", "'-t[until the time is up]'\n", 1, "time is up", "timeout reached"),
    (
        "share/python/module.py",
        '"""Marks.\n\nThe end tells.\n"""\n',
        3,
        "tells",
        "reports, prints, writes or notifies",
    ),
    ("scripts/tool", "#!/bin/sh\ntrue  # until it is mended\n", 2, "mended", "fix"),
    ("tests/CMakeLists.txt", "# The module and\n# the like\n", 1, "and the like", "or similar"),
    ("tests/a/a_test.cpp", 'TEST_CASE("an end is refused in words") {\n', 1, "in words", "with a message"),
    ("tests/cli/a_test.py", "def test_it_stands_in_the_file():\n", 1, "stands in", "is in, or appears in"),
    ("README.md", "As often as it can be\nafforded.\n", 1, "be afforded", "affordable, or too expensive"),
    ("CHANGELOG.md", "## Unreleased\n\n- Reads more seldom.\n", 3, "more seldom", "less often"),
]

FINE = [
    ("lib/code.cpp", "bool told = who(blank);\n"),
    ("lib/quoted.cpp", "// calls `told` and\n// `who`\n"),
    ("lib/key.cpp", 'return line.find("blank");\n'),
    ("lib/people.hpp", "// for users who watch the terminal\n"),
    ("lib/none.hpp", "/// Returns null if there is no memory, or it is no longer used.\n"),
    ("lib/apart.hpp", "/// The part of a name that tells it apart from the others.\n"),
    ("lib/other_comments.cpp", "int a;  // the file is\nint b;  // no file is open\n"),
    ("share/doc/lines.md", "A blank line ends it.\n"),
    ("tests/data/old.md", "anew\n"),
    ("CHANGELOG.md", "## Unreleased\n\n## 1.0\n\n- Starts anew.\n"),
]


def plant(house, files):
    for path, text, *_ in files:
        (house / path).parent.mkdir(parents=True, exist_ok=True)
        (house / path).write_text((house / path).read_text() + text if (house / path).exists() else text)


def check(house, **options):
    command = [sys.executable, ROOT / "scripts/check_english", house]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    """The lines that are printed about a folder with all the violations."""
    house = tmp_path_factory.mktemp("house")
    plant(house, VIOLATIONS)
    done = check(house)
    assert done.returncode == 1
    return done.stdout.splitlines()


@pytest.mark.parametrize("path, text, number, phrase, preferred", VIOLATIONS)
def test_a_planted_phrase_is_reported_with_the_preferred_one(findings, path, text, number, phrase, preferred):
    assert f'{path}:{number}: "{phrase}": write "{preferred}"' in findings


def test_nothing_else_is_reported(findings):
    assert len([line for line in findings if ": write " in line]) == len(VIOLATIONS)


def test_code_and_good_uses_of_a_phrase_are_ignored(tmp_path):
    plant(tmp_path, FINE)
    done = check(tmp_path)
    assert done.returncode in (0, 77), done.stdout


def test_a_misspelling_is_reported_with_the_right_word(tmp_path):
    plant(tmp_path, [("lib/spelt.cpp", "int a;\n// recieves\n")])
    done = check(tmp_path)
    if done.returncode == 77:
        pytest.skip(done.stdout.splitlines()[-1])
    assert done.returncode == 1
    assert 'lib/spelt.cpp:2: "recieves": write "receives"' in done.stdout.splitlines()


def test_without_codespell_the_check_is_skipped_unless_a_phrase_is_found(tmp_path):
    plant(tmp_path, [("lib/a.cpp", "// fine\n")])
    done = check(tmp_path, env={"PATH": ""})
    assert done.returncode == 77
    assert done.stdout.splitlines()[-1].startswith("SKIP: needs codespell")
    plant(tmp_path, [("lib/b.cpp", "// anew\n")])
    assert check(tmp_path, env={"PATH": ""}).returncode == 1


def test_an_empty_folder_is_a_failure(tmp_path):
    assert check(tmp_path).returncode == 1


def test_another_codespell_is_not_used_because_it_knows_other_words(tmp_path):
    plant(tmp_path, [("lib/a.cpp", "// fine\n")])
    other = tmp_path / "bin/codespell"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\necho 9.9\n")
    other.chmod(0o755)
    done = check(tmp_path, env={"PATH": str(other.parent)})
    assert done.returncode == 77
    assert "9.9 is installed" in done.stdout
