"""A made-up service: the memory of its processes over time, and what is true about it.

Curves are lists with one number of MiB for each sample. `kept` is what the service never gives back, and
`passing` is what it does. Times are parts of the recording, from 0 to 1.
"""

import bisect
import dataclasses
import math

from leaks.chance import Chance

PAGE = 4096 / 1048576  # MiB
HOUR = 3600.0
ROOT = 100  # the pid of the first process
START = 1_700_000_000
LENGTHS = (45.0, 120.0, 600.0, HOUR, 6 * HOUR, 20 * HOUR, 60 * HOUR)


@dataclasses.dataclass
class Process:
    base: float
    kept: list
    passing: list
    begin: float = 0.0
    end: float = 2.0  # after the recording
    name: str = "server"

    def memory(self, number):
        mib = max(PAGE, self.base + self.kept[number] + self.passing[number])
        return PAGE * math.floor(mib / PAGE + 0.5)


class Scene:
    def __init__(self, seed, length=None, samples=None):
        self.chance = Chance(seed)
        self.length = length or self.chance.one_of(*LENGTHS)
        samples = samples or self.chance.count(500, 2500)
        late = 0.05 / samples  # a sample is a little late, by chance
        self.times = [i / (samples - 1) + self.chance.part(0, late) for i in range(samples)]
        self.base = self.chance.size(10, 1000)
        self.processes = []
        self.gaps = []
        # what is true: a constant rate in MiB per hour, or none; the time from which on it is kept
        self.verdict, self.right, self.rate, self.pid, self.onset = "steady", ["steady"], None, None, 0.0
        self.hard = None

    # curves

    def curve(self, memory):
        return [memory(t) for t in self.times]

    def nothing(self):
        return [0.0] * len(self.times)

    def noise(self, deviation):
        return [self.chance.normal(deviation) for _ in self.times]

    def slow_noise(self, deviation, memory):
        """Noise that forgets its past within the time `memory`."""
        stay = math.exp(-1 / (memory * len(self.times)))
        value, curve = self.chance.normal(deviation), []
        for _ in self.times:
            curve.append(value)
            value = stay * value + self.chance.normal(deviation * math.sqrt(1 - stay * stay))
        return curve

    def requests(self, size, count, length):
        """The memory of `count` requests of random sizes and lengths, of which the largest counts."""
        curve = self.nothing()
        for _ in range(count):
            begin = bisect.bisect(self.times, self.chance.part())
            end = bisect.bisect(self.times, self.times[min(begin, len(curve) - 1)] + self.chance.wait(length))
            needed = self.chance.wait(size)
            for i in range(begin, min(len(curve), end + 1)):
                curve[i] = max(curve[i], needed)
        return curve

    def steps(self, steps):
        """Steps that stay, as (time, MiB)."""
        steps = sorted(steps)
        sums, total = [], 0.0
        for _, mib in steps:
            total += mib
            sums.append(total)
        times = [time for time, _ in steps]
        return self.curve(lambda t: sums[bisect.bisect(times, t) - 1] if t >= times[0] else 0.0)

    def ramp(self, end, mib):
        return self.curve(lambda t: mib * min(1.0, t / end))

    def filling(self, constants, mib):
        """Something that fills, and gets `constants` time constants for it."""
        return self.curve(lambda t: mib * (1 - math.exp(-constants * t)))

    def saw(self, mib, cycles, irregular=0.0):
        """A collector: garbage collects until it is thrown away."""
        begin, length, height = -self.chance.part() / cycles, 1 / cycles, mib
        curve = []
        for t in self.times:
            while t >= begin + length:
                begin += length
                length = max(0.2, 1 + self.chance.part(-irregular, irregular)) / cycles
                height = mib * (1 + self.chance.part(-irregular, irregular))
            curve.append(height * (t - begin) / length)
        return curve

    def load(self, periods, share):
        """1 while there are requests, 0 while there are none. Both last for random times."""
        there, until, curve = self.chance.part() < share, 0.0, []
        for t in self.times:
            while t >= until:
                there = not there
                until += self.chance.wait((share if there else 1 - share) / periods)
            curve.append(1.0 if there else 0.0)
        return curve

    def sum_over_time(self, load, mib):
        """Memory that is kept while there is load, `mib` in all."""
        total = sum(load) or 1.0
        curve, value = [], 0.0
        for there in load:
            curve.append(value)
            value += mib * there / total
        return curve

    def usual_noise(self, mib):
        kind = self.chance.count(0, 3)
        if kind == 0:
            return self.nothing()
        if kind == 1:
            return self.noise(0.3 * mib)
        if kind == 2:
            return self.requests(mib, self.chance.count(30, 150), 0.002)
        return plus(self.slow_noise(0.2 * mib, self.chance.part(0.004, 0.015)), self.noise(0.1 * mib))

    # what is true

    def process(self, kept=None, passing=None, **more):
        nothing = self.nothing()
        self.processes.append(
            Process(more.pop("base", self.base), kept or nothing, passing or nothing, **more)
        )
        return self

    def may_be(self, *verdicts):
        self.right = list(verdicts)
        return self

    def leak(self, mib=None, pid=ROOT, onset=0.0, right=("leak",)):
        """Sets a leak of `mib` MiB, at a constant rate or, without `mib`, at another."""
        self.verdict, self.right, self.pid, self.onset = "leak", list(right), pid, onset
        self.rate = mib / (self.length * (1 - onset)) * HOUR if mib else None
        return self


def plus(*curves):
    return [sum(values) for values in zip(*curves)]


def growth(scene, mib, onset=0.0):
    """A leak of `mib` MiB from the onset to the end."""
    return scene.curve(lambda t: mib * max(0.0, t - onset) / (1 - onset))


def difficulty(scene):
    """Compares what leaks with the scatter of all else: of its least values in twelve stretches."""
    if scene.rate is None or scene.pid in (None, 0):
        return None
    process = scene.processes[scene.pid - ROOT]
    least = {}
    for t, mib in zip(scene.times, process.passing):
        if scene.onset <= t < 0.98:
            stretch = int(12 * (t - scene.onset) / (0.98 - scene.onset))
            least[stretch] = min(least.get(stretch, mib), mib)
    mean = sum(least.values()) / len(least)
    variance = sum((mib - mean) ** 2 for mib in least.values()) / max(1, len(least) - 1)
    leaked = scene.rate / HOUR * scene.length * (1 - scene.onset)
    clear = leaked / math.hypot(math.sqrt(variance), PAGE / 2)
    if clear < 4 or leaked < 0.0625:
        return "hidden"
    return "hard" if clear < 14 or leaked < 0.2 else None


def label(scene, family, file):
    """Returns what is true, as a line of labels.jsonl has it. `hard` is "hidden" where the leak is smaller
    than the noise, so that steady is right if its bound is above the rate, and "undecidable" where nobody
    can know."""
    scene.hard = scene.hard or difficulty(scene)
    if scene.hard in ("hidden", "hard"):
        scene.right = sorted({*scene.right, "unsure"})
    return {
        "file": file,
        "family": family,
        "split": "own",
        "verdict": scene.verdict,
        "ok": scene.right,
        "rate": scene.rate,
        "pid": scene.pid,
        "hard": scene.hard,
        "processes": len(scene.processes),
    }


def lines_of(scene, family):
    """Yields the lines of the recording."""
    seconds = [START + t * scene.length for t in scene.times]
    yield f"CMDLINE {family}"
    yield "META format 1"
    yield f"META interval {scene.length / len(scene.times):g}"
    yield "META metric rss"
    yield f"META root {ROOT}"
    yield f"META tree {'CM' if len(scene.processes) > 1 else '-'}"
    yield f"META start {START}.000000"
    running = set()
    for number, t in enumerate(scene.times):
        if any(begin < t < end for begin, end in scene.gaps):
            continue
        yield from sample(scene, number, seconds[number], running)
    yield f"END {START + scene.length:.6f} ended {len(scene.times)} 0 {START}.000000"


def sample(scene, number, seconds, running):
    memory = {}
    for index, process in enumerate(scene.processes):
        pid = ROOT + index
        if process.begin <= scene.times[number] < process.end:
            memory[pid] = process.memory(number)
            if pid not in running:
                running.add(pid)
                parent = ROOT if index else 1
                yield f"PROC {pid} {5000 + pid} {parent} {seconds:.6f} {process.name} {process.name}"
        elif pid in running:
            running.remove(pid)
            yield f"EXIT {pid} {seconds:.6f} 0"
    yield f"MEM {sum(memory.values()):.6f} {seconds:.6f}"
    for pid, mib in memory.items():
        if pid != ROOT:
            yield f"CHLD {pid} {mib:.6f} {seconds:.6f}"
