"""pytest runs the Python blocks of every page as the reader sees them."""

from pytest_codeblocks import plugin

from tools import pages

plugin.extract_from_file = pages.blocks
