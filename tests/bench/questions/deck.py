"""Deals what is asked, so that an uncached phase never repeats an answer and a cached one repeats few.

In: questions, places, a seed, how many uncached phases there will be. Out: pairs of a question and a filling. Each engine
has a deck of its own with the same order, so that all are asked the same. A question with few answers, such as one
without a place, has so many for each phase and no more: a phase then asks it less often, which the count says.
"""

import itertools
import random

import named

# Fillings of a question that a cached phase repeats.
FEW = 4


class Deck:
    """The fillings of each question that have not been asked."""

    def __init__(self, questions, where, seed, phases, begins_uncached):
        self.chance = random.Random(seed)
        self.left = {question: named.fillings(question, where, seed) for question in questions}
        self.few, self.share = {}, {}
        for question, left in self.left.items():
            count = named.how_many(question, where)
            few = list(itertools.islice(left, min(FEW, max(1, count // (phases + 1)))))
            self.few[question] = few
            if count == len(few) and begins_uncached:
                # It has one answer only: uncached the first time, and cached from then on.
                self.left[question] = iter(few)
            self.share[question] = max(1, (count - len(few)) // max(1, phases))

    def deal(self, questions, count):
        """At most so many pairs in a random order, each question as often as the others while it has fillings."""
        wanted, counts = count, dict.fromkeys(questions, 0)
        while wanted > 0 and (open_ones := [one for one in questions if counts[one] < self.share[one]]):
            each = max(1, wanted // len(open_ones))
            for question in open_ones:
                more = min(each, self.share[question] - counts[question], wanted)
                counts[question] += more
                wanted -= more
        pairs = [(question, filling) for question in questions
                 for filling in itertools.islice(self.left[question], counts[question])]
        self.chance.shuffle(pairs)
        return pairs

    def repeat(self, questions):
        """Pairs without end, of few fillings of each question."""
        while True:
            question = self.chance.choice(questions)
            yield question, self.chance.choice(self.few[question])

    def all_of(self, questions):
        """The pairs that a cached phase repeats, once each, to be asked before it."""
        return [(question, filling) for question in questions for filling in self.few[question]]

    def arrivals(self, rate, seconds):
        """Poisson arrivals: seconds from the start of the phase."""
        found, at = [], self.chance.expovariate(rate)
        while at < seconds:
            found.append(at)
            at += self.chance.expovariate(rate)
        return found
