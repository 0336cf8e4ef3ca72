"""The round figure that a signatory may name while the list still grows: "more than 250"."""

FEWEST = 20
"""Up to here the exact number is as short to say, and a round one would hide too much."""

# Within a decade, in percent of its beginning: up to which figure, and in what steps.
_STEPS = ((200, 25), (500, 50), (1000, 100))


def more_than(count: int) -> int:
    """The largest round figure below ``count``, for "more than ..."; 0 means "say the exact number".

    Round figures are 20, 25, 30 ... 50, 60 ... 100, 125 ... 200, 250 ... 500, 600 ... 1,000 and so on tenfold. The
    figure is always less than the count, at most a fifth less, and never falls while the count rises.
    """
    below = count - 1
    if below < FEWEST:
        return 0
    decade = int("1" + "0" * (len(str(below)) - 1))
    step = next(step for limit, step in _STEPS if below * 100 < limit * decade)
    size = step * decade // 100
    return below // size * size
