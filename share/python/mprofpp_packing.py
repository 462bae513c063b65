"""Builds the package mprofpp for `pip install`, with what PEP 517 requires and no more. With any
other build system, pip would need network access and a folder that it may write to."""

import base64
import hashlib
import pathlib
import tarfile
import zipfile

NAME, VERSION = "mprofpp", "0.1.0"
FOLDER = pathlib.Path(__file__).resolve().parent
SOURCES = sorted(f"mprofpp/{path.name}" for path in (FOLDER / "mprofpp").iterdir() if path.suffix == ".py")
SOURCES.append("mprofpp/py.typed")

METADATA = f"""\
Metadata-Version: 2.1
Name: {NAME}
Version: {VERSION}
Summary: The memory of Python programs: line by line, over time, in notebooks and in tests
License: MIT
Requires-Python: >=3.8
"""
WHEEL = f"""\
Wheel-Version: 1.0
Generator: {NAME} {VERSION}
Root-Is-Purelib: true
Tag: py3-none-any
"""
# the plugin has the name of its module, so that pytest takes `-p mprofpp.pytest_plugin` for the same one
ENTRY_POINTS = """\
[pytest11]
mprofpp.pytest_plugin = mprofpp.pytest_plugin
"""


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"{NAME}-{VERSION}.dist-info"
    files = {name: (FOLDER / name).read_bytes() for name in SOURCES}
    files[f"{info}/METADATA"] = METADATA.encode()
    files[f"{info}/WHEEL"] = WHEEL.encode()
    files[f"{info}/entry_points.txt"] = ENTRY_POINTS.encode()
    record = [f"{name},sha256={digest(data)},{len(data)}\n" for name, data in files.items()]
    files[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"]).encode()
    wheel = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / wheel, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return wheel


def build_sdist(sdist_directory, config_settings=None):
    sdist = f"{NAME}-{VERSION}.tar.gz"
    with tarfile.open(pathlib.Path(sdist_directory) / sdist, "w:gz") as archive:
        for name in ["pyproject.toml", "mprofpp_packing.py", *SOURCES]:
            archive.add(FOLDER / name, f"{NAME}-{VERSION}/{name}")
    return sdist
