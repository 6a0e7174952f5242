"""Plots with Korean and with English words, readable on light and on dark paper."""

import io
import statistics
from collections.abc import Callable

import matplotlib.pyplot as plt
from IPython.display import SVG, display
from matplotlib.figure import Figure

TEXT = "#767676"
COLOURS = ("#c2500f", "#6f7ae0", "#1f8a70", "#b0489b", "#8a7a1f", "#767676")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))

plt.rcParams.update(
    {
        "font.family": ["Noto Sans CJK KR", "sans-serif"],
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "digits",
        **{
            f"{part}color": TEXT
            for part in ("text.", "axes.label", "axes.edge", "xtick.", "ytick.")
        },
    }
)


def show(draw: Callable[[dict[str, str]], Figure], **words: dict[str, str]) -> None:
    """Draw once for each language; the words' "alt" tells what the plot shows."""
    for language, said in words.items():
        figure = draw(said)
        picture = io.StringIO()
        figure.savefig(
            picture,
            format="svg",
            transparent=True,
            bbox_inches="tight",
            metadata={"Date": None},
        )
        plt.close(figure)
        marks = {"language": language, "alt": said["alt"]}
        display(SVG(picture.getvalue()), metadata=marks)


def spread(values: list[float], digits: int = 1) -> str:
    """Mean and standard deviation over seeds: 97.1 ± 0.4."""
    deviation = statistics.stdev(values)
    return f"{statistics.mean(values):.{digits}f} ± {deviation:.{digits}f}"
