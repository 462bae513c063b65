"""The magics of the Python package, in IPython and in notebooks that nbconvert executes."""

import base64
import json
import re
import subprocess

import pytest

from conftest import needs, unsanitized

from package import environment, tables
from pythons import execute, system  # noqa: F401 (fixture)

pytestmark = unsanitized
GROW = """\
def grow(n):
    kept = [bytearray(n << 20)]
    del kept
    return n
"""


@pytest.fixture
def notebook(system, tmp_path):
    """Executes cells, and returns the outputs of each: the text that it printed, and its other outputs."""
    imports = [system, "-c", "import nbconvert, ipykernel"]
    if subprocess.run(imports, capture_output=True, check=False).returncode != 0:
        pytest.skip("SKIP: python3-nbconvert or python3-ipykernel is not installed")

    def execute_cells(*cells, run=execute, **options):
        write_notebook(tmp_path / "x.ipynb", cells)
        words = ["-m", "nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb", "x.ipynb"]
        done = run([system, *words], cwd=tmp_path, **options)
        text = done.stderr if hasattr(done, "stderr") else done.err
        assert (tmp_path / "out.ipynb").exists(), text
        return [Outputs(cell) for cell in json.loads((tmp_path / "out.ipynb").read_text())["cells"]]

    return execute_cells


def write_notebook(path, cells):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}}
    path.write_text(json.dumps(notebook | {"cells": [{**empty, "source": cell} for cell in cells]}))


def alone(**more):
    """A kernel that does not find the program mprofpp, and has files of its own."""
    return environment(PYTHONWARNINGS="ignore", **more)


class Outputs:
    """The outputs of a cell."""

    def __init__(self, cell):
        outputs = cell["outputs"]
        self.text = "".join("".join(o["text"]) for o in outputs if o["output_type"] == "stream")
        self.data = [o["data"] for o in outputs if "data" in o]
        self.errors = [o for o in outputs if o["output_type"] == "error"]

    @property
    def picture(self):
        (html,) = (data["text/html"] for data in self.data if "text/html" in data)
        encoded = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', "".join(html))[1]
        return base64.b64decode(encoded).decode()


CELLS = [
    "%load_ext mprofpp",
    GROW,
    "%mprun -f grow grow(40)",
    "%%mprun -f grow x = 30\ny = grow(x)",
    "%memit bytearray(50 << 20)",
    "result = %memit -o -q -r 2 bytearray(60 << 20)\nprint(result, result.repeat, len(result.mem_usage))",
    "%%memit kept = bytearray(30 << 20)\nlen(kept)",
    "%%mprofpp -i 0.001\nfrom mprofpp import mark\nkept = bytearray(70 << 20)\nmark('half')\n"
    "del kept\n'the value'",
]
MEMIT = re.compile(r"peak memory: (\d+\.\d\d) MiB, increment: (-?\d+\.\d\d) MiB")


@pytest.mark.parametrize("has_program", [True, False], ids=["native", "pure Python"])
def test_a_notebook_has_tables_numbers_and_a_chart(mprofpp, notebook, has_program):
    there = {"program": mprofpp.executable} if has_program else {}
    _, _, line, cell, memit, result, second, chart = notebook(*CELLS, environment=alone(**there))
    for output, size in ((line, 40), (cell, 30)):
        (table,) = tables(output.text)  # although the function is in no file
        assert table.added(2) == pytest.approx(size, abs=1) and table.counts == {1: 1, 2: 1, 3: 1, 4: 1}
    assert float(MEMIT.fullmatch(memit.text.strip())[2]) == pytest.approx(50, abs=1)
    assert result.text.startswith("peak memory: ") and result.text.endswith(" 2 2\n")
    assert float(MEMIT.match(result.text)[2]) == pytest.approx(60, abs=1)
    assert float(MEMIT.fullmatch(second.text.strip())[2]) == pytest.approx(0, abs=1)
    way = "mprofpp attach" if has_program else "pure Python (a thread)"
    assert f"(recorded by {way})" in chart.text and "half" in chart.picture
    assert {"text/plain": ["'the value'"]} in chart.data and not chart.errors


def test_nbconvert_shows_the_chart_in_html(notebook, system, tmp_path):
    notebook(*CELLS[:1], CELLS[-1], environment=alone())
    execute([system, "-m", "nbconvert", "--to", "html", "out.ipynb"], alone(), cwd=tmp_path)
    assert 'src="data:image/svg+xml;base64,' in (tmp_path / "out.html").read_text()


def test_the_cells_of_a_recorded_notebook_are_spans(mprofpp, notebook, tmp_path):
    def record(command, **options):
        return mprofpp.record("-C", command, env=alone(program=mprofpp.executable), **options)

    notebook("%load_ext mprofpp", "kept = bytearray(9 << 20)", "# the last\nlen(kept)", run=record)
    names = re.findall(r"^FUNC (\S+)", (tmp_path / "recording1.dat").read_text(), re.MULTILINE)
    assert names == ["In%20[2]%20kept%20=%20bytearray(9%20<<%2020)", "In%20[3]%20#%20the%20last"]


def test_a_cell_that_fails_has_a_chart_and_fails(notebook):
    *_, failed, after = notebook(
        "%load_ext mprofpp", "%%mprofpp\nraise KeyError('expected')", "print('ran')",
        environment=alone(), run=allow_errors,
    )  # fmt: skip
    assert "peak memory: " in failed.text and failed.picture.startswith("<svg")
    assert [error["ename"] for error in failed.errors] == ["KeyError", "CellFailed"]
    assert failed.errors[1]["traceback"] == ["the recorded cell has raised KeyError, see above"]
    assert after.text == "ran\n"


def allow_errors(command, **options):
    return execute([*command[:3], "--allow-errors", *command[3:]], **options)


def test_ipython_has_the_magics_with_their_options(system, tmp_path):
    needs("ipython3")
    (tmp_path / "functions.py").write_text(GROW)
    (tmp_path / "x.ipy").write_text(
        "%load_ext mprofpp\nfrom functions import grow\n%mprun -T out.txt -f grow grow(20)\n"
        "profiler = %mprun -r -f grow grow(20)\nprint(type(profiler).__name__)\n"
        "%memit -q 1\n%memit -i 0.01 -c bytearray(30 << 20)\n%mprun -f nothing 1\n"
    )
    done = execute(["ipython3", "--no-banner", "x.ipy"], alone(IPYTHONDIR=tmp_path), cwd=tmp_path)
    assert (
        "*** Profile printout saved to text file out.txt. \n" in done.stdout
        and "LineProfiler\n" in done.stdout
    )
    assert len(MEMIT.findall(done.stdout)) == 1
    assert (
        "Could not find function 'nothing'.\nNameError: name 'nothing' is not defined"
        in done.stdout + done.stderr
    )
    assert len(tables(done.stdout)) == 2
    (saved,) = tables((tmp_path / "out.txt").read_text())
    assert saved.added(2) == pytest.approx(20, abs=1)
