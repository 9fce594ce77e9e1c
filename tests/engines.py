"""For tests that compare the two engines: skipped where only one is to be had."""

from __future__ import annotations

import pytest

from engine.decide import network

needs_both_engines = pytest.mark.skipif(
    not network.available(), reason="durable-rules does not import on this Python"
)
