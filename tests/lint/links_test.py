"""Every relative link in the Markdown files points at something that exists."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("apps", "lib", "scripts", "share", "tests")

# blocks of code and `code`, in which brackets mean something else
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
# the target of [text](target), ![picture](target "title") and [name]: target
TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)[^)]*\)|^\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)


def documents(root):
    found = [*root.glob("*.md"), *(file for name in FOLDERS for file in (root / name).rglob("*.md"))]
    return sorted(file.relative_to(root) for file in found if "node_modules" not in file.parts)


def targets_in(text):
    """The relative targets, without the #heading that they may end with."""
    for inline, reference in TARGET.findall(CODE.sub("", text)):
        target = (inline or reference).split("#")[0]
        if target and not re.match(r"[a-z]+:", target):
            yield target


def dead_links(root, document):
    folder = (root / document).parent
    for target in targets_in((root / document).read_text(encoding="utf-8")):
        file = (folder / target).resolve()
        if not file.is_relative_to(root) or not file.exists():
            yield target


@pytest.mark.parametrize("document", documents(ROOT), ids=str)
def test_every_link_of_a_document_points_at_something_that_exists(document):
    assert list(dead_links(ROOT, document)) == []


@pytest.mark.parametrize(
    "link",
    ["[a](gone.md)", "![a](gone.png)", "[a](gone.md#part)", "[`a`](../../outside.md)", "[a]: gone.md"],
)
def test_a_planted_dead_link_is_found(tmp_path, link):
    (tmp_path / "share").mkdir()
    (tmp_path / "share/a.md").write_text(f"Text, and\n{link}\n")
    assert len(list(dead_links(tmp_path.resolve(), "share/a.md"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[a](b.md)",
        "[a](b.md#part)",
        "[a](#part)",
        "[a](https://example.org/x)",
        "`[a](x)`",
        "```\n[a](x)\n```",
    ],
)
def test_no_other_text_is_reported(tmp_path, text):
    (tmp_path / "a.md").write_text(f"{text}\n")
    (tmp_path / "b.md").write_text("")
    assert not list(dead_links(tmp_path.resolve(), "a.md"))
