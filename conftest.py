"""pytest runs the Python blocks of every page, and shares tests out by file."""

import pytest
from pytest_codeblocks import plugin

from tools import pages

plugin.extract_from_file = pages.blocks

BY_PAGE = "tests/test_every_page.py"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """--dist loadfile, but what opens one page after another keeps all workers busy."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrPage(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            by_page = nodeid.startswith(BY_PAGE)
            return nodeid if by_page else super()._split_scope(nodeid)

    if config.getoption("dist") == "loadfile":
        return ByFileOrPage(config, log)
