"""The browser that tests of pages look at them in: Debian's Chromium, where it is on the path.

Every day it is the one without windows, where that is there too: the same engine, for half of the
processor time. In full it is the whole one.
"""

from __future__ import annotations

import shutil

import pytest

from tests.full import often

_WHOLE, _SHELL = "chromium", "chromium-headless-shell"
CHROMIUM = next(filter(None, map(shutil.which, often((_WHOLE, _SHELL), (_SHELL, _WHOLE)))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MISSING = f"no Chromium on the path: `apt-get install {_SHELL}`"
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
