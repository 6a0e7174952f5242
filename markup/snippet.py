"""A snippet as a reader gets it: without section markers and annotation marks."""

import re

MARKER = re.compile(r"^\s*# -+8<-+ \[(?:start|end):[^\]]+\]\s*\n", re.MULTILINE)
ANNOTATION = re.compile(r"[ \t]*# \(\d+\)!?[ \t]*$", re.MULTILINE)


def clean(code: str) -> str:
    return ANNOTATION.sub("", MARKER.sub("", code))
