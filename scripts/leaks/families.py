"""Families of services, each a function that makes a scene from chance.

They imitate what keeps and returns memory: caches, pools, collectors, requests, processes. The rules of
`mprofpp leak` are not tuned on them: a family that they get wrong stays.
"""

import bisect
import itertools
import math

from leaks.chance import Chance
from leaks.scene import HOUR, PAGE, Scene, growth, plus

FAMILIES = {}


def family(make):
    FAMILIES[make.__name__] = make
    return make


def scene_of(name, seed):
    return FAMILIES[name](f"{name} {seed}")


def little(scene):
    """The size of noise and garbage."""
    return max(0.05, scene.base * scene.chance.size(0.003, 0.15))


def much(scene):
    """The size of a cache, a heap, a leak."""
    return max(1.0, scene.base * scene.chance.size(0.04, 1.5))


# Steady services


@family
def idle(seed):
    scene = Scene(seed)
    return scene.process(passing=[PAGE * scene.chance.count(0, 2) for _ in scene.times])


@family
def noisy(seed):
    scene = Scene(seed)
    return scene.process(passing=scene.noise(little(scene)))


@family
def slowly_noisy(seed):
    scene = Scene(seed)
    return scene.process(passing=scene.slow_noise(little(scene), scene.chance.part(0.003, 0.02)))


@family
def imports(seed):
    """A start in bursts."""
    scene = Scene(seed)
    end = scene.chance.part(0.01, 0.1)
    steps = [(scene.chance.part(0, end), much(scene) / 10) for _ in range(scene.chance.count(5, 40))]
    return scene.process(scene.steps(steps), scene.usual_noise(little(scene)))


@family
def long_start(seed):
    scene = Scene(seed)
    ramp = scene.ramp(scene.chance.part(0.15, 0.4), scene.base * scene.chance.part(0.3, 2))
    return scene.process(ramp, scene.usual_noise(little(scene) / 3))


def keys_seen(scene, requests, keys, draw):
    """How many keys have been asked for at each sample."""
    seen, curve, done = set(), [], 0
    for t in scene.times:
        while done < requests * t:
            seen.add(draw(keys))
            done += 1
        curve.append(float(len(seen)))
    return curve


@family
def cache_of_all(seed):
    """A cache of everything that is asked for, often enough to be full."""
    scene = Scene(seed)
    keys = scene.chance.count(100, 1500)
    requests = int(keys * scene.chance.part(10, 20))
    seen = keys_seen(scene, requests, keys, lambda count: scene.chance.count(1, count))
    mib = much(scene) / keys
    return scene.process([mib * count for count in seen], scene.usual_noise(little(scene) / 5))


@family
def cache_of_popular(seed):
    """Some keys are asked for much more often than others, and the cache has a limit."""
    scene = Scene(seed)
    keys = scene.chance.count(500, 2000)
    sums = list(itertools.accumulate(1 / rank for rank in range(1, keys + 1)))
    seen = keys_seen(scene, 40 * keys, keys, lambda _: bisect.bisect(sums, scene.chance.part(0, sums[-1])))
    limit = keys * scene.chance.part(0.5, 0.8)
    mib = much(scene) / keys
    return scene.process([mib * min(limit, count) for count in seen], scene.usual_noise(little(scene) / 5))


def entries(scene, lifetime, mean):
    """The number of entries that live for `lifetime`, of which `mean` are alive on average."""
    alive, curve = [], []
    each = mean / (lifetime * len(scene.times))
    window = max(1, int(lifetime * len(scene.times)))
    for _ in scene.times:
        alive.append(scene.chance.arrivals(each))
        curve.append(float(sum(alive[-window:])))
    return curve


@family
def sessions(seed):
    """Entries that expire: it fills for one lifetime, and is noisy with a memory of that length."""
    scene = Scene(seed)
    mean = scene.chance.size(100, 5000)
    alive = entries(scene, scene.chance.part(0.02, 0.08), mean)
    mib = much(scene) / mean
    return scene.process(passing=[mib * count for count in alive])


@family
def long_sessions(seed):
    scene = Scene(seed)
    mean = scene.chance.size(300, 5000)
    alive = entries(scene, scene.chance.part(0.1, 0.2), mean)
    mib = much(scene) / mean
    return scene.process(passing=[mib * count for count in alive]).may_be("steady", "unsure")


@family
def collector(seed):
    scene = Scene(seed)
    return scene.process(
        passing=scene.saw(much(scene), scene.chance.count(14, 200), scene.chance.part(0, 0.4))
    )


@family
def two_generations(seed):
    scene = Scene(seed)
    cycles, mib = scene.chance.count(10, 25), much(scene)
    small = scene.saw(mib / 3, cycles * scene.chance.count(5, 25), 0.3)
    return scene.process(passing=plus(scene.saw(mib, cycles, 0.2), small))


def heap(scene, live, garbage, times_live):
    """A heap that collects when it has reached a multiple of what lived after the last collection."""
    used, limit, curve = live[0], live[0] * times_live, []
    before = live[0]
    for alive in live:
        used += garbage * scene.chance.part(0.5, 1.5) + max(0.0, alive - before)
        before = alive
        if used >= limit:
            used, limit = alive, alive * times_live
        curve.append(used)
    return curve


@family
def heap_that_adapts(seed):
    """A collector whose heap grows at the start and is not given back: the largest size so far."""
    scene = Scene(seed)
    live = [1 + much(scene) * part for part in scene.ramp(scene.chance.part(0.02, 0.1), 1.0)]
    used = heap(scene, live, max(live) / scene.chance.part(10, 60), scene.chance.part(1.4, 2.2))
    return scene.process(list(itertools.accumulate(used, max)))


@family
def largest_batch(seed):
    """The allocator keeps the memory of the largest batch so far, so that steps become rare."""
    scene = Scene(seed)
    each, kept, batches = little(scene), [], scene.chance.part(0.1, 0.5)
    for _ in scene.times:
        batch = scene.chance.wait(each) if scene.chance.part() < batches else 0.0
        kept.append(max(batch, kept[-1] if kept else 0.0))
    return scene.process(kept).may_be("steady", "unsure")


@family
def reload(seed):
    scene = Scene(seed)
    step = scene.steps([(scene.chance.part(0.05, 0.75), much(scene))])
    return scene.process(step, scene.usual_noise(little(scene) / 5))


@family
def late_reload(seed):
    scene = Scene(seed)
    step = scene.steps([(scene.chance.part(0.75, 0.97), much(scene))])
    return scene.process(step, scene.usual_noise(little(scene) / 10)).may_be("steady", "unsure")


@family
def thread_pool(seed):
    """Threads that are started as they are needed, up to a limit."""
    scene = Scene(seed)
    threads, end = scene.chance.count(2, 16), scene.chance.part(0.1, 0.45)
    stack = max(0.1, much(scene) / 8)
    steps = [(end * ((i + scene.chance.part()) / threads) ** 2, stack) for i in range(threads)]
    return scene.process(scene.steps(steps), scene.usual_noise(stack / 10))


@family
def hash_table(seed):
    """A table that doubles until everything is in it."""
    scene = Scene(seed)
    end, mib = scene.chance.part(0.15, 0.3), much(scene)
    steps = [(end / 2**i, mib / 2 ** (i + 1)) for i in range(6)]
    return scene.process(scene.steps(steps))


@family
def buffer_pool(seed):
    """Fills in a straight line up to its limit."""
    scene = Scene(seed)
    return scene.process(
        scene.ramp(scene.chance.part(0.1, 0.55), much(scene)), scene.usual_noise(little(scene) / 4)
    )


@family
def buffer_pool_half_full(seed):
    scene = Scene(seed)
    return scene.process(scene.filling(scene.chance.part(1.5, 4), much(scene))).may_be("steady", "unsure")


@family
def jobs(seed):
    """Jobs that give back everything."""
    scene = Scene(seed)
    passing, often = scene.nothing(), scene.chance.count(6, 40)
    for i in range(often):
        begin = (i + scene.chance.part(0.1, 0.5)) / often
        end, mib = begin + scene.chance.part(0.05, 0.5) / often, scene.chance.wait(much(scene))
        passing = [max(p, mib) if begin < t < end else p for p, t in zip(passing, scene.times)]
    return scene.process(passing=passing)


def of_the_day(scene, peak):
    """1 at the busiest hour of a day, 0 at the quietest one."""
    days = scene.length / (24 * HOUR)

    def load(t):
        angle = 2 * math.pi * (days * t + peak)
        return 0.5 + 0.4 * math.sin(angle) + 0.1 * math.sin(2 * angle)

    return scene.curve(load)


@family
def days(seed):
    scene = Scene(seed, length=Chance(seed).part(60, 150) * HOUR)
    load, mib = of_the_day(scene, scene.chance.part()), much(scene)
    return scene.process(passing=[mib * part + scene.chance.normal(mib / 50) for part in load])


@family
def a_day_and_a_bit(seed):
    scene = Scene(seed, length=Chance(seed).part(27, 44) * HOUR)
    load, mib = of_the_day(scene, scene.chance.part()), much(scene)
    return scene.process(passing=[mib * part for part in load]).may_be("steady", "unsure")


@family
def rare_large_requests(seed):
    scene = Scene(seed)
    passing = [
        mib**2 / scene.base for mib in scene.requests(scene.base, scene.chance.count(20, 120), 0.004)
    ]
    return scene.process(passing=passing)


@family
def swapped_out(seed):
    scene = Scene(seed)
    steps = [(scene.chance.part(), -0.8 * scene.base / 6) for _ in range(scene.chance.count(1, 6))]
    return scene.process(passing=plus(scene.steps(steps), scene.usual_noise(little(scene) / 10)))


@family
def swapped_in_again(seed):
    """The kernel takes pages, which the service needs again soon."""
    scene = Scene(seed)
    taken = scene.base * scene.chance.part(0.1, 0.6)
    often = [scene.chance.part(0, 0.75) for _ in range(scene.chance.count(1, 3))]
    back = scene.chance.part(0.01, 0.03)
    return scene.process(
        passing=scene.curve(lambda t: -taken * max(math.exp((x - t) / back) if x <= t else 0 for x in often))
    )


@family
def long_ended(seed):
    """Gives back its memory before it exits."""
    scene = Scene(seed)
    end = scene.chance.part(0.983, 0.998)
    passing = scene.curve(lambda t: -0.7 * scene.base if t > end else 0.0)
    return scene.process(scene.ramp(0.05, much(scene)), plus(passing, scene.usual_noise(little(scene) / 5)))


def with_gaps(scene):
    for _ in range(scene.chance.count(1, 4)):
        begin = scene.chance.part(0, 0.9)
        scene.gaps.append((begin, begin + scene.chance.part(0.01, 0.12)))
    return scene


@family
def suspended(seed):
    scene = with_gaps(Scene(seed))
    return scene.process(scene.ramp(0.06, much(scene)), scene.usual_noise(little(scene) / 5))


@family
def compiler(seed):
    """Code that is compiled once it is hot: an S."""
    scene = Scene(seed)
    middle, mib = scene.chance.part(0.05, 0.2), much(scene)
    width = middle / scene.chance.part(3, 6)
    return scene.process(
        scene.curve(lambda t: mib / (1 + math.exp((middle - t) / width))),
        scene.usual_noise(little(scene) / 5),
    )


@family
def stopped_lately(seed):
    """Fills in a straight line until shortly before the end."""
    scene = Scene(seed)
    return scene.process(scene.ramp(scene.chance.part(0.7, 0.88), much(scene))).may_be("steady", "unsure")


@family
def few_samples(seed):
    scene = Scene(seed, samples=Chance(seed).count(8, 40))
    return scene.process(passing=scene.noise(little(scene) / 5)).may_be("steady", "unsure")


# Steady trees


def server(seed, mib=60):
    chance = Chance(f"{seed} server")
    scene = Scene(seed, samples=chance.count(300, 900))
    scene.base = chance.size(mib / 3, mib * 3)
    return scene


@family
def workers(seed):
    scene = server(seed).process(name="main")
    for _ in range(scene.chance.count(2, 7)):
        start = scene.ramp(scene.chance.part(0.02, 0.1), scene.base / 2)
        scene.process(start, scene.usual_noise(little(scene)), name="worker")
    return scene


@family
def workers_of_different_kinds(seed):
    scene = server(seed).process(name="main")
    scene.process(scene.filling(scene.chance.part(9, 20), scene.base), scene.noise(0.2), name="cache")
    scene.process(passing=scene.saw(scene.base, scene.chance.count(15, 80), 0.3), name="java")
    scene.process(scene.steps([(scene.chance.part(0.1, 0.6), scene.base / 4)]), name="reloads")
    return scene.process(passing=scene.noise(little(scene)), name="noisy")


def replaced_workers(scene, slots, lifetime, kept):
    """Workers that grow by `kept` MiB in their lives and are replaced."""
    for _ in range(slots):
        begin = -lifetime * scene.chance.part()
        while begin < 1:
            end = begin + lifetime * scene.chance.part(0.8, 1.2)
            curve = [kept * max(0.0, t - begin) / lifetime if t < end else 0.0 for t in scene.times]
            scene.process(curve, begin=max(0.0, begin), end=end, name="worker")
            begin = end
    return scene


@family
def workers_replaced(seed):
    scene = server(seed).process(name="main")
    lifetime = 1 / scene.chance.part(6, 15)
    return replaced_workers(scene, scene.chance.count(1, 4), lifetime, scene.base * scene.chance.part(0.2, 1))


@family
def children_for_a_moment(seed):
    """A child for each job."""
    scene = server(seed).process(name="main")
    for _ in range(scene.chance.count(30, 90)):
        begin = scene.chance.part()
        scene.process(begin=begin, end=begin + scene.chance.part(0.003, 0.03), name="job")
    return scene


@family
def workers_by_load(seed):
    """More workers while there is load."""
    scene = server(seed).process(name="main").process(name="worker")
    often = scene.chance.count(5, 12)
    for period in range(often):
        for _ in range(scene.chance.count(1, 4)):
            begin = (period + scene.chance.part(0.1, 0.3)) / often
            scene.process(begin=begin, end=begin + scene.chance.part(0.3, 0.5) / often, name="worker")
    return scene


# Leaks


def leaking(scene, mib=None, kept=None, passing=None, onset=0.0, right=("leak",)):
    mib = mib or much(scene)
    curve = growth(scene, mib, onset)
    return scene.process(plus(curve, kept) if kept else curve, passing).leak(mib, onset=onset, right=right)


@family
def leak(seed):
    return leaking(Scene(seed))


@family
def leak_of_requests(seed):
    """Each request keeps a little; the allocator takes larger pieces from the kernel."""
    scene = Scene(seed)
    requests, mib = scene.chance.size(200, 20_000), max(4.0, much(scene))
    piece = scene.chance.one_of(PAGE, 0.0625, 0.129, 0.25)
    kept, done = [], 0
    for _ in scene.times:
        kept.append(piece * math.ceil(mib * done / requests / piece))
        done += scene.chance.arrivals(requests / len(scene.times))
    return scene.process(kept).leak(mib)


@family
def leak_and_noise(seed):
    scene = Scene(seed)
    mib = much(scene)
    return leaking(scene, mib, passing=scene.noise(mib * scene.chance.size(0.003, 0.2)))


@family
def leak_and_slow_noise(seed):
    scene = Scene(seed)
    mib = much(scene)
    noise = scene.slow_noise(mib * scene.chance.size(0.005, 0.06), scene.chance.part(0.003, 0.015))
    return leaking(scene, mib, passing=noise)


@family
def leak_and_collector(seed):
    scene = Scene(seed)
    mib = much(scene)
    saw = scene.saw(mib * scene.chance.size(0.1, 2), scene.chance.count(25, 150), scene.chance.part(0, 0.3))
    return leaking(scene, mib, passing=saw)


@family
def leak_in_a_heap(seed):
    """What lives grows, and the heap, which is never given back, is a multiple of it."""
    scene = Scene(seed)
    times_live, mib = scene.chance.part(1.3, 1.8), much(scene)
    live = [mib * scene.chance.part(1, 1.0001) * (1 + t) for t in scene.times]
    used = heap(scene, live, mib / scene.chance.part(3, 8), times_live)
    return scene.process(list(itertools.accumulate(used, max))).leak(right=("leak", "unsure"))


@family
def leak_by_load(seed):
    scene = Scene(seed)
    mib = much(scene)
    load = scene.load(scene.chance.count(25, 80), scene.chance.part(0.3, 0.7))
    return scene.process(scene.sum_over_time(load, mib)).leak(mib)


@family
def leak_by_load_and_requests(seed):
    """The memory of requests is there in the same times in which memory is kept."""
    scene = Scene(seed)
    mib = much(scene)
    load = scene.load(scene.chance.count(25, 80), scene.chance.part(0.3, 0.6))
    return scene.process(scene.sum_over_time(load, mib), [mib * there / 3 for there in load]).leak(mib)


@family
def leak_after_start(seed):
    scene = Scene(seed)
    mib = much(scene)
    start = scene.ramp(scene.chance.part(0.01, 0.1), scene.base * scene.chance.part(0.2, 2))
    return leaking(scene, mib, kept=start, passing=scene.usual_noise(mib / 30))


@family
def leak_after_cache(seed):
    scene = Scene(seed)
    mib = much(scene)
    cache = scene.filling(scene.chance.part(15, 40), mib * scene.chance.part(0.2, 1))
    return leaking(scene, mib, kept=cache, passing=scene.usual_noise(mib / 60))


@family
def leak_since_a_release(seed):
    scene = Scene(seed)
    mib = much(scene)
    return leaking(scene, mib, passing=scene.usual_noise(mib / 30), onset=scene.chance.part(0.2, 0.5))


@family
def leak_since_just_now(seed):
    scene = Scene(seed)
    return leaking(scene, onset=scene.chance.part(0.65, 0.85), right=("leak", "unsure"))


@family
def leak_of_pieces(seed):
    """Connections that are never closed: equal pieces at nearly equal times."""
    scene = Scene(seed)
    pieces, mib = scene.chance.count(14, 50), much(scene)
    steps = [((i + scene.chance.part(0.3, 0.7)) / pieces, mib / pieces) for i in range(pieces)]
    return scene.process(scene.steps(steps)).leak(mib)


@family
def leak_of_few_pieces(seed):
    scene = Scene(seed)
    pieces, mib = scene.chance.count(3, 6), much(scene)
    steps = [((i + 0.5) / pieces, mib / pieces) for i in range(pieces)]
    return scene.process(scene.steps(steps)).leak(mib, right=("leak", "unsure"))


@family
def leak_of_days(seed):
    """It leaks as much as the load of the day is."""
    scene = Scene(seed, length=Chance(seed).part(96, 150) * HOUR)
    load, mib = of_the_day(scene, scene.chance.part()), much(scene)
    return scene.process(scene.sum_over_time(load, mib), [mib * part / 12 for part in load]).leak(mib)


@family
def leak_and_jobs(seed):
    scene = Scene(seed)
    mib = much(scene)
    return leaking(scene, mib, passing=scene.requests(mib, scene.chance.count(20, 80), 0.01))


@family
def leak_to_the_exit(seed):
    scene = Scene(seed)
    end = scene.chance.part(0.983, 0.998)
    return leaking(scene, passing=scene.curve(lambda t: -scene.base / 2 if t > end else 0.0))


@family
def leak_suspended(seed):
    return leaking(with_gaps(Scene(seed)))


@family
def leak_and_reload(seed):
    scene = Scene(seed)
    mib = much(scene)
    step = scene.steps([(scene.chance.part(0.1, 0.8), mib * scene.chance.part(0.1, 0.5))])
    return leaking(scene, mib, kept=step, right=("leak", "unsure"))


@family
def leak_ever_faster(seed):
    """A list that is copied as it grows, or a retry that leaves another."""
    scene = Scene(seed)
    power, mib = scene.chance.part(1.4, 2.4), much(scene)
    return scene.process(scene.curve(lambda t: mib * t**power)).leak()


@family
def slow_leak(seed):
    scene = Scene(seed, length=Chance(seed).part(0.25, 6) * HOUR)
    mib = scene.chance.part(0.5, 5) * max(0.6, scene.length / HOUR)
    return leaking(scene, mib, passing=[PAGE * scene.chance.count(0, 2) for _ in scene.times])


@family
def leak_below_sessions(seed):
    scene = Scene(seed)
    mib, mean = much(scene), scene.chance.size(1000, 5000)
    alive = entries(scene, scene.chance.part(0.01, 0.03), mean)
    return leaking(scene, mib, passing=[mib * count / mean for count in alive])


@family
def leak_in_noise(seed):
    scene = Scene(seed)
    mib = much(scene)
    return leaking(scene, mib, passing=scene.slow_noise(mib * scene.chance.size(0.15, 2), 0.008))


@family
def fast_leak_of_few_samples(seed):
    return leaking(Scene(seed, samples=Chance(seed).count(13, 40)), right=("leak", "unsure"))


@family
def undecidable(seed):
    """A cache that is filled after the end looks like a leak until then."""
    scene = Scene(seed)
    scene.hard = "undecidable"
    return scene.process(scene.ramp(scene.chance.part(1.01, 2), much(scene))).may_be("leak", "unsure")


# Leaking trees


@family
def one_worker_leaks(seed):
    scene = server(seed)
    count = scene.chance.count(2, 8)
    which, mib = scene.chance.count(1, count), scene.base * scene.chance.size(0.06, 1)
    scene.process(name="main")
    for number in range(1, count + 1):
        kept = growth(scene, mib) if number == which else None
        scene.process(kept, scene.usual_noise(mib / 12), name="worker")
    return scene.leak(mib, pid=100 + which)


@family
def one_worker_leaks_below_collectors(seed):
    scene = server(seed)
    count = scene.chance.count(2, 6)
    which, mib = scene.chance.count(1, count), scene.base * scene.chance.size(0.1, 0.8)
    scene.process(name="main")
    for number in range(1, count + 1):
        kept = growth(scene, mib) if number == which else None
        scene.process(kept, scene.saw(scene.base / 3, scene.chance.count(25, 70), 0.3), name="java")
    return scene.leak(mib, pid=100 + which)


@family
def each_worker_leaks(seed):
    scene = server(seed)
    mib = scene.base * scene.chance.size(0.06, 0.6)
    scene.process(name="main")
    for _ in range(scene.chance.count(2, 6)):
        scene.process(growth(scene, mib), scene.usual_noise(mib / 20), name="worker")
    return scene.leak(mib, pid=None)


@family
def main_leaks_while_workers_are_replaced(seed):
    scene = server(seed)
    mib = scene.base * scene.chance.part(0.2, 0.8)
    scene.process(growth(scene, mib), name="main").leak(mib)
    lifetime = 1 / scene.chance.part(8, 14)
    return replaced_workers(
        scene, scene.chance.count(1, 3), lifetime, scene.base * scene.chance.part(0.1, 0.5)
    )


@family
def children_that_never_exit(seed):
    scene = server(seed, mib=15)
    children = scene.chance.count(12, 30)
    scene.process(name="main")
    for i in range(children):
        scene.process(begin=(i + scene.chance.part(0.2, 0.8)) / children, name="child")
    return scene.leak(scene.base * children, pid=0)
