"""`mprofpp holders PID TYPE|ADDRESS|EXPRESSION`: what holds objects of a running Python program."""

import xml.etree.ElementTree

import pytest

from conftest import wait_until
from inspected import inspected  # noqa: F401
from looked_at import PATIENT, bare, document, own_looks  # noqa: F401
from pythons import interpreters, python, system  # noqa: F401

HELD = """
import functools
class User:
    def __init__(self): self.friends = []
class App: pass
class Mortal: pass
app = App()
app.users = {'ann': User()}
app.users['ann'].friends.append(User())
@functools.lru_cache(maxsize=None)
def search(user): return 1
search(Mortal())
"""


def chain_of(target, number=0):
    return [step["via"] for step in target["chains"][number]["steps"]]


@interpreters()
def test_chains_lead_from_a_name_to_each_object_of_a_type(mprofpp, inspected, bare, python):
    for program in (inspected(python, HELD, options=()), bare(python, HELD)):
        found = document(mprofpp, "holders", program.pid, "User")
        assert (found["type"]["type"], found["type"]["count"]) == ("__main__.User", 2)
        expressions = {target["chains"][0]["expression"] for target in found["targets"]}
        assert expressions == {"main.app.users['ann']", "main.app.users['ann'].friends[0]"}
        assert program.end()[0] == 0


def test_the_text_is_a_tree(mprofpp, bare, system):
    program = bare(system, HELD)
    text = mprofpp("holders", *PATIENT, program.pid, "User").text
    head, tree = text.split("\n\n")
    assert "__main__.User: 2 objects, " in head
    lines = tree.splitlines()
    assert lines[0] == "module main"
    assert lines[1] == "└─ .app  __main__.App"
    assert lines[2] == "   └─ .users  dict"
    assert lines[3].startswith("      └─ ['ann']  __main__.User at 0x")


def test_caches_of_functions_are_recognised(mprofpp, bare, system):
    program = bare(system, HELD)
    text = mprofpp("holders", *PATIENT, program.pid, "Mortal").text
    assert "lru_cache of __main__.search" in text


def test_an_object_is_found_by_its_address_and_by_what_leads_to_it(mprofpp, bare, system):
    program = bare(system, HELD)
    (target,) = document(mprofpp, "holders", program.pid, "main.app.users['ann']")["targets"]
    assert target["type"] == "__main__.User" and chain_of(target) == [None, ".app", ".users", "['ann']"]
    (again,) = document(mprofpp, "holders", program.pid, target["address"])["targets"]
    assert again["chains"][0]["expression"] == "main.app.users['ann']"


def test_objects_that_are_new_since_the_last_look_are_marked(mprofpp, inspected, system):
    program = inspected(system, HELD)
    first = document(mprofpp, "holders", program.pid, "User")
    assert first["type"]["new"] is None and not any(t["is_new"] for t in first["targets"])
    code = "main.late = [main.User() for _ in range(5)]"
    assert mprofpp("console", *PATIENT, "-c", code, program.pid).status == 0
    second = document(mprofpp, "holders", program.pid, "User", "--count", "2")
    assert second["type"]["new"] == 5
    new = [target for target in second["targets"] if target["is_new"]]
    assert new and all(t["chains"][0]["expression"].startswith("main.late[") for t in new)
    assert document(mprofpp, "holders", program.pid, "User")["type"]["new"] == 0


def test_pictures_show_each_object_once(mprofpp, bare, system, tmp_path):
    program = bare(system, HELD)
    assert mprofpp("holders", *PATIENT, "-o", "x.svg", program.pid, "User").status == 0
    svg = (mprofpp.folder / "x.svg").read_text()
    root = xml.etree.ElementTree.fromstring(svg)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("__main__.App") == 1 and "module main" in texts and "['ann']" in texts
    assert mprofpp("holders", *PATIENT, "-o", "x.html", program.pid, "User").status == 0
    page = (mprofpp.folder / "x.html").read_text()
    assert "<svg" in page and "└─ .app  __main__.App" in page


def test_an_expression_is_found_if_there_is_no_time_for_a_type_of_that_name(mprofpp, inspected, system):
    program = inspected(system, HELD + "many = [[] for i in range(300000)]")
    blocks = int(mprofpp("console", "-c", "import sys; sys.getallocatedblocks()", program.pid).text)
    pause = f"{blocks * 350 // 1000}us"  # an estimate has 200 ns a block for an expression, 500 for a type
    assert mprofpp("holders", "--max-pause", pause, program.pid, "main.many").status == 0
    done = mprofpp("holders", "--max-pause", pause, program.pid, "main.much")
    assert done.status == 1 and done.says("would stop the program for")


def test_what_does_not_exist_is_refused(mprofpp, bare, system):
    program = bare(system, HELD)
    for what, words in (
        ("Userr", ["__main__.User"]),
        ("main.app.nothing", ["main.app.nothing"]),
        ("main.app.users['bob']", ["no object or type"]),
        ("0x10", ["no object at 0x10"]),
    ):
        done = mprofpp("holders", *PATIENT, program.pid, what)
        assert (done.status, done.text) == (1, ""), what
        assert done.says(f"process {program.pid}", *words)
    assert program.end()[0] == 0


def test_an_object_that_is_gone_is_not_found(mprofpp, inspected, system):
    program = inspected(system, HELD)
    (target,) = document(mprofpp, "holders", program.pid, "main.app.users['ann'].friends[0]")["targets"]
    code = "main.app.users['ann'].friends.clear()"
    assert mprofpp("console", *PATIENT, "-c", code, program.pid).status == 0
    done = mprofpp("holders", *PATIENT, program.pid, target["address"])
    if done.status == 0:  # another object may have its address
        assert "__main__.User at" not in done.text
    else:
        assert done.says("no object at")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no process"),
        (["1"], "no type, address or expression"),
        (["1", "a", "b"], "too many arguments"),
        (["--depth", "0", "1", "a"], "--depth"),
        (["-o", "x.gif", "1", "a"], "x.gif"),
        (["-o", "x.svg", "--json", "1", "a"], "--json"),
    ],
)
def test_wrong_usage_is_refused(mprofpp, words, said):
    done = mprofpp("holders", *words)
    assert (done.status, done.text) == (2, "") and done.says(said)
