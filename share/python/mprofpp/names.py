"""The names of the package that are imported when they are used. They are also those that a recorded program
finds next to the marks that the recorder has put in the place of the package."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MODULES = {
    "engine": "mprofpp.ways",
    "load_ipython_extension": "mprofpp.ipython",
    "record": "mprofpp.recording",
    "unload_ipython_extension": "mprofpp.ipython",
}


def find(name: str) -> Any:
    """Returns the value of that name. Raises AttributeError if the package does not have it."""
    if name not in MODULES:
        raise AttributeError(f"module 'mprofpp' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(MODULES[name]), name)
