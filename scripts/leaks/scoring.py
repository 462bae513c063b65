"""Runs a command that judges recordings, and counts how often it is right."""

import collections
import json
import shlex
import subprocess

STATUS = {"steady": 0, "leak": 1, "unsure": 3}
RATES = ("rate_mib_h", "low_mib_h", "high_mib_h")
PATIENCE = 120  # seconds


class NoAnswer(Exception):
    """The command has printed no judgement, or its exit status is that of another one."""


def answer_of(command, path):
    """Returns the object that the command prints about the recording. `{}` in the command is the file."""
    words = [word.replace("{}", str(path)) for word in shlex.split(command)]
    if "{}" not in command:
        words.append(str(path))
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
        lines = [line for line in done.stdout.decode().splitlines() if line.startswith("{")]
        answer = json.loads(lines[-1])
        status = STATUS[answer["verdict"]]
    except (OSError, subprocess.TimeoutExpired, ValueError, LookupError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from error
    if done.returncode != status:
        raise NoAnswer(f"{answer['verdict']}, but the exit status is {done.returncode}")
    return answer


def rates_of(answer):
    return [float(answer.get(name) or 0) for name in RATES]


def is_right(label, answer):
    if answer["verdict"] in label["ok"]:
        return True
    # smaller than the noise: the bound must admit it
    hidden = label["hard"] == "hidden" and answer["verdict"] == "steady" and label["rate"] is not None
    return hidden and rates_of(answer)[2] >= label["rate"]


def differences(ours, theirs, tolerance=0.001):
    """Returns what two judgements of a recording do not agree about, as texts."""
    found = []
    for name in ("verdict", "why"):
        if ours.get(name) != theirs.get(name):
            found.append(f"{name} {ours.get(name)}, not {theirs.get(name)}")
    if (ours.get("pid") or 0) != (theirs.get("pid") or 0):
        found.append(f"pid {ours.get('pid')}, not {theirs.get('pid')}")
    if theirs.get("why") == "few samples":  # nothing is known about the rate
        return found
    largest = max(abs(rate) for rate in rates_of(theirs))
    for name, one, other in zip(RATES, rates_of(ours), rates_of(theirs)):
        # next to a bound, a rate that is nearly 0 has no digits to compare
        if abs(one - other) > tolerance * max(abs(other), largest / 10):
            found.append(f"{name} {one:g}, not {other:g}")
    return found


class Score:
    def __init__(self):
        self.families = collections.defaultdict(collections.Counter)
        self.all = collections.Counter()
        self.errors = []  # of rates, as parts of the true ones
        self.wrong = []

    def add(self, label, answer, trouble=None):
        """Counts an answer; none with the trouble that the command had."""
        counts = self._counts(label, answer)
        self.families[label["family"]].update(counts)
        self.all.update(counts)
        said = f"{answer['verdict']} ({answer.get('why')})" if answer else trouble
        if not counts["right"]:
            self.wrong.append(f"{label['file']}: {said}; right is {' or '.join(label['ok'])}")
        elif counts["rates"] > counts["covered"] or counts["named"] > counts["named rightly"]:
            rate, low, high = rates_of(answer)
            self.wrong.append(
                f"{label['file']}: {rate:.4g} MiB/h ({low:.4g} to {high:.4g}) in pid {answer.get('pid')}; "
                f"right is {label['rate']:.4g} in pid {label['pid']}"
            )

    def _counts(self, label, answer):
        counts = collections.Counter({"recordings": 1})
        if label["verdict"] == "steady" and label["hard"] != "undecidable":
            counts["steady services"] = 1
        if answer is None:
            counts["no answer"] = 1
            return counts
        counts[answer["verdict"]] = 1
        counts["right"] = int(is_right(label, answer))
        if answer["verdict"] != "leak":
            return counts
        counts["alarms"] = counts["steady services"]
        if label["verdict"] == "leak" and label["rate"]:
            rate, low, high = rates_of(answer)
            counts["rates"], counts["covered"] = 1, int(low <= label["rate"] <= high)
            self.errors.append(abs(rate / label["rate"] - 1))
        if label["verdict"] == "leak" and label["pid"] and label["processes"] > 1:
            counts["named"], counts["named rightly"] = 1, int(answer.get("pid") == label["pid"])
        return counts

    def part(self, what, of):
        """The percentage; 100 of nothing."""
        return 100 * self.all[what] / self.all[of] if self.all[of] else 100.0

    @property
    def right(self):
        return self.part("right", "recordings")

    @property
    def alarms(self):
        """In 1000 steady services."""
        return 10 * self.part("alarms", "steady services") if self.all["steady services"] else 0.0

    @property
    def coverage(self):
        return self.part("covered", "rates")

    def table(self):
        """Yields a line for each family."""
        titles = f"{'leak':>5} {'unsure':>7} {'steady':>7} {'alarms':>7} {'covered':>9}"
        yield f"{'family':<38} {'right':>9} {titles}"
        for family, counts in self.families.items():
            right = f"{counts['right']}/{counts['recordings']}"
            covered = f"{counts['covered']}/{counts['rates']}" if counts["rates"] else "-"
            alarms = counts["alarms"] if counts["steady services"] else "-"
            numbers = (
                f"{counts['leak']:>5} {counts['unsure']:>7} {counts['steady']:>7} {alarms:>7} {covered:>9}"
            )
            yield f"{family:<38} {right:>9} {numbers}"
