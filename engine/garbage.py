"""Looking for garbage seldom: a release lives as long as its process, and a decision makes some ten
thousand objects and hardly a circle among them.
"""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """Look when so much was made, and not after every few hundred objects."""
    gc.set_threshold(50_000, 20, 20)


def settle() -> None:
    """Never look through what is there by now, and seldom through what comes."""
    gc.collect()
    gc.freeze()
    look_seldom()
