"""A snippet as a reader gets it: without section markers and annotation marks."""

import re

MARKER = re.compile(r"^[ \t]*# -+8<-+ \[(?:start|end):[^\]]+\][ \t]*\n", re.MULTILINE)
ANNOTATION = re.compile(r"[ \t]*# \(\d+\)!?[ \t]*$", re.MULTILINE)
GAP = re.compile(r"\n{4,}")


def clean(code: str) -> str:
    return GAP.sub("\n\n\n", ANNOTATION.sub("", MARKER.sub("", code)))
