"""Makes programs of every kind of statement that moves control or memory, for the tests of lines."""

import random

FUNCTIONS = ["f0", "f1", "f2"]
GENERATOR = "pages"
HEAD = """\
import contextlib

KEPT = []


@contextlib.contextmanager
def guard():
    KEPT.append(bytearray(300_000))
    yield
    KEPT.pop()


def plain(depth):
    return FUNCTIONS[depth % 3](depth - 1) if depth > 0 else bytearray(400_000)


@profile
def pages(count):
    block = bytearray(500_000)
    for i in range(count):
        KEPT.append(bytearray(200_000))
        yield i
    del block
"""

CALLS = """\
for number in range(3):
    try:
        FUNCTIONS[number](3)
    except ValueError:
        pass"""


class Body:
    """The statements of one function, which are random but always the same for a seed."""

    def __init__(self, random, number):
        self.random, self.number, self.lines = random, number, []

    def add(self, depth, line):
        self.lines.append("    " * depth + line)

    def block(self, depth, budget):
        for _ in range(self.random.randint(1, 3)):
            kinds = [self.leaf] * 3 + ([self.loop, self.attempt, self.guard, self.choice] if budget else [])
            self.random.choice(kinds)(depth, budget - 1)

    def leaf(self, depth, _):
        leaves = [
            f"KEPT.append(bytearray({self.random.randint(1, 9)}00_000))",
            "if KEPT: KEPT.pop()",
            "x = [bytearray(150_000) for _ in range(3)]",
            "x = [\n"
            + "    " * (depth + 1)
            + "bytearray(150_000)\n"
            + "    " * (depth + 1)
            + "for _ in range(3)]",
            "x = sum(len(bytearray(130_000)) for _ in range(3))",
            "x = (lambda size: bytearray(size))(260_000)",
            "for i in pages(2): x = i",
            "x = next(pages(3))",
            "x = plain(left - 1)",
            f"x = f{self.random.randint(0, 2)}(left - 1)",
            f"x = f{self.number}(left - 2)",
        ]
        for line in self.random.choice(leaves).split("\n"):
            self.add(depth, line)

    def loop(self, depth, budget):
        if self.random.random() < 0.5:
            self.add(depth, f"for _ in range({self.random.randint(0, 3)}):")
        else:
            self.add(depth, f"n{depth} = {self.random.randint(0, 3)}")
            self.add(depth, f"while n{depth} > 0:")
            self.add(depth + 1, f"n{depth} -= 1")
            if self.random.random() < 0.3:
                self.add(depth + 1, f"if n{depth} == 1: continue")
        self.block(depth + 1, budget)
        if self.random.random() < 0.3:
            self.add(depth + 1, "break")

    def attempt(self, depth, budget):
        self.add(depth, "try:")
        self.block(depth + 1, budget)
        if self.random.random() < 0.7:
            self.add(depth + 1, "raise ValueError(len(KEPT))")
        if self.random.random() < 0.6:
            self.add(depth, "except (ValueError, LookupError) as error:")
            self.block(depth + 1, budget)
            self.add(depth, "else:")
            self.block(depth + 1, budget)
        self.add(depth, "finally:")
        self.block(depth + 1, budget)

    def guard(self, depth, budget):
        self.add(depth, "with guard():")
        self.block(depth + 1, budget)

    def choice(self, depth, budget):
        self.add(depth, "if len(KEPT) % 2:")
        self.block(depth + 1, budget)
        self.add(depth, "else:")
        self.block(depth + 1, budget)

    def closure(self):
        self.add(1, "def inner(size):")
        self.add(2, "block = bytearray(size)")
        self.add(2, "KEPT.append(block)")
        self.add(2, "return lambda: (")
        self.add(3, "len(block),")
        self.add(3, "bytearray(size))")
        self.add(1, "x = inner(220_000)()")


def make_program(seed):
    chosen = random.Random(seed)
    texts = [HEAD]
    for number in range(len(FUNCTIONS)):
        body = Body(chosen, number)
        body.add(0, "@profile")
        body.add(0, f"def f{number}(left):")
        body.add(1, "if left <= 0:")
        body.add(2, "return bytearray(350_000)")
        body.block(1, 2)
        body.closure()
        body.block(1, 1)
        body.add(1, "return x")
        texts.append("\n".join(body.lines))
    texts.append(f"FUNCTIONS = [{', '.join(FUNCTIONS)}]")
    texts.append(CALLS)
    return "\n\n\n".join(texts) + "\n"
