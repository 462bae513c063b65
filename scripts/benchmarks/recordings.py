"""Numbers from the recordings that a benchmark has made."""


def lost_ticks(path):
    return sum(
        int(line.split()[3])
        for line in path.read_text().splitlines()
        if line.startswith("LOST ") and line.split()[2] == "ticks"
    )


def lost_marks(path):
    with open(path, encoding="utf-8") as lines:
        lost = (line.split() for line in lines if line.startswith("LOST "))
        return sum(int(fields[3]) for fields in lost if fields[2] == "marks")


def calls_in(path):
    """Returns the number of calls in a recording, including those of CALLS lines."""
    calls = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("FUNC "):
                calls += 1
            elif line.startswith("CALLS "):
                calls += int(line.split()[7])
    return calls
