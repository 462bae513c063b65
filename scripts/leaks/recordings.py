"""Folders of labelled recordings."""

import json

from leaks.families import FAMILIES, scene_of
from leaks.scene import label, lines_of


def write(folder, family, seed):
    """Writes a recording. Returns its label."""
    scene = scene_of(family, seed)
    file = f"{family}-{seed}.dat"
    (folder / file).write_text("\n".join(lines_of(scene, family)) + "\n", encoding="utf-8")
    return label(scene, family, file)


def write_all(folder, seed, count):
    """Writes `count` recordings, of each family the same number or one less, and yields their labels."""
    names = list(FAMILIES)
    with open(folder / "labels.jsonl", "w", encoding="utf-8") as labels:
        for number in range(count):
            made = write(folder, names[number % len(names)], seed + number // len(names))
            labels.write(json.dumps(made) + "\n")
            yield made


def labels_of(folder):
    with open(folder / "labels.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
