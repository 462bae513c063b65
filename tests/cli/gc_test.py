"""`mprofpp gc PID`: the garbage collector of a running Python program."""

from inspected import inspected  # noqa: F401
from looked_at import PATIENT, bare, document, own_looks  # noqa: F401
from pythons import interpreters, python, system  # noqa: F401

CYCLES = """
import gc
gc.disable()
class Node:
    def __init__(self): self.own = self
class Final:
    def __del__(self): cache['finalized'] = 1
kept = [Final(), Final(), Final()]
for _ in range(40): Node()
lost = Final(); lost.own = lost; del lost
gc.set_threshold(123, 4, 5)
"""


@interpreters()
def test_the_state_of_the_collector_is_printed(mprofpp, inspected, bare, python):
    for program in (inspected(python, CYCLES, options=()), bare(python, CYCLES)):
        found = document(mprofpp, "gc", program.pid)
        assert found["enabled"] is False and found["trial"] is None
        assert found["generations"][0]["threshold"] == 123
        assert {"type": "__main__.Final", "count": 4} in found["finalizers"]
        assert program.end()[0] == 0


def test_a_trial_finds_cycles_and_frees_nothing(mprofpp, inspected, system):
    program = inspected(system, CYCLES)
    for _ in range(2):
        types = {
            t["type"]: t["count"] for t in document(mprofpp, "gc", "--collect", program.pid)["trial"]["types"]
        }
        assert (types["__main__.Node"], types["__main__.Final"]) == (40, 1)
    assert mprofpp("console", *PATIENT, "-c", "main.cache", program.pid).text == "{}\n"
    assert program.end()[0] == 0


@interpreters()
def test_looks_leave_no_garbage(mprofpp, bare, python):
    program = bare(python, "import gc\ngc.collect()\ngc.disable()\nkept = []")
    for _ in range(3):
        assert mprofpp("holders", *PATIENT, program.pid, "main.kept").status == 0
        assert mprofpp("stacks", program.pid).status == 0
        assert document(mprofpp, "gc", "--collect", program.pid)["trial"]["objects"] == 0
    assert program.end()[0] == 0


def test_the_text_has_a_table_of_generations(mprofpp, bare, system):
    program = bare(system, CYCLES)
    text = mprofpp("gc", *PATIENT, "--collect", program.pid).text
    assert "the collector is off: gc.disable()" in text
    assert "GENERATION  COUNT  THRESHOLD  COLLECTIONS  COLLECTED  UNCOLLECTABLE" in text
    assert "a full collection would free " in text and "__main__.Node" in text
    assert "classes with __del__, and their objects: __main__.Final 4" in text


def test_wrong_usage_is_refused(mprofpp):
    for words, said in (([], "no process"), (["1", "2"], "one process"), (["-n", "x", "1"], "--rows")):
        done = mprofpp("gc", *words)
        assert (done.status, done.text) == (2, "") and done.says(said)
