"""Marks for mprofpp, which records the memory of programs over time.

Under `mprofpp run`, every call of a decorated function, every block and every mark becomes part of the
recording: the recorder then provides its own module of this name, which takes precedence over this one.
In a program that is not recorded nothing happens, and `profile` returns the function unchanged.

    from mprofpp import mark, profile

    @profile
    def load(): ...

    with profile.timestamp("parse"): ...

    mark("phase 2")
"""

__all__ = ["mark", "profile", "timestamp"]


class timestamp:
    """A context manager that marks a block of code under a name."""

    def __init__(self, name="<block>"):
        self.name = name

    def __enter__(self):
        return None

    def __exit__(self, kind, error, traceback):
        return None


class _Profile:
    """Marks the calls of a function for mprofpp. `@profile` and `@profile(...)` do the same."""

    timestamp = timestamp

    def __call__(self, func=None, **options):
        if func is None:
            return self
        if not callable(func) and not hasattr(func, "__func__"):
            raise ValueError("Value must be callable")
        return func


profile = _Profile()


def mark(text):
    """Marks this moment with a text."""
