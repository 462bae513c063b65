"""Random numbers that are the same on every machine and in every version of Python."""

import math
import random


class Chance:
    def __init__(self, seed):
        # random() of a Mersenne twister is the only function whose numbers never change
        self._random = random.Random(seed).random

    def part(self, low=0.0, high=1.0):
        return low + (high - low) * self._random()

    def size(self, low, high):
        """A number of any size between the two: as often from 1 to 10 as from 10 to 100."""
        return math.exp(self.part(math.log(low), math.log(high)))

    def count(self, low, high):
        """A whole number between the two, which are included."""
        return low + int((high - low + 1) * self._random())

    def one_of(self, *choices):
        return choices[int(len(choices) * self._random())]

    def normal(self, deviation=1.0):
        radius = math.sqrt(-2 * math.log(1 - self._random()))
        return deviation * radius * math.cos(2 * math.pi * self._random())

    def wait(self, mean):
        """The time until something happens that happens by chance."""
        return -mean * math.log(1 - self._random())

    def arrivals(self, mean):
        """How many of the things that happen by chance happen in a time in which `mean` are expected."""
        if mean > 30:
            return max(0, round(mean + self.normal(math.sqrt(mean))))
        number, product = -1, 1.0
        while product > math.exp(-mean):
            product *= 1 - self._random()
            number += 1
        return max(0, number)
