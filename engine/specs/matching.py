"""Which function a step means: just one, or a diagnostic at its line with the nearest phrase."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct

from engine.language.diagnostics import Diagnostic
from engine.specs.feature import Feature, Step
from engine.specs.phrase import Phrase
from engine.specs.steps import PHRASES


class Matched(Struct, frozen=True):
    """A step's phrase and what it fills the blanks with."""

    phrase: Phrase
    arguments: dict[str, Any]

    @property
    def run(self) -> Callable[..., None]:
        """The function."""
        return self.phrase.run


def match(step: Step, phrases: Sequence[Phrase] = PHRASES) -> Matched | Diagnostic:
    """What *step* means among *phrases*, or why that is not clear."""
    found = []
    for phrase in phrases:
        if phrase.kind != step.kind:
            continue
        try:
            arguments = phrase.captured(step.text)
        except ValueError as error:
            return _unclear(step, "unclear-step", f"`{step.text}`: {error}", None)
        if arguments is not None:
            found.append(Matched(phrase, arguments))
    if not found:
        return _unclear(
            step,
            "unknown-step",
            f"no phrase says `{step.text}`",
            nearest(step.kind, step.text, phrases),
        )
    if len(found) > 1:
        said = " or ".join(f"`{one.phrase.blank}`" for one in found)
        return _unclear(
            step, "ambiguous-step", f"`{step.text}` may mean {said}", "say more, in other words"
        )
    return found[0]


def unmatched(feature: Feature, phrases: Sequence[Phrase] = PHRASES) -> list[Diagnostic]:
    """What is not clear of a feature's steps, each line once."""
    found = [match(step, phrases) for one in feature.scenarios for step in one.steps]
    lines = {one.line: one for one in found if isinstance(one, Diagnostic)}
    return [lines[line] for line in sorted(lines)]


def nearest(kind: str, text: str, phrases: Iterable[Phrase] = PHRASES) -> str:
    """The phrase of that kind which is nearest to *text*, as a mend."""
    same = [phrase for phrase in phrases if phrase.kind == kind]
    best = max(same, key=lambda phrase: _likeness(text, phrase))
    return f"did you mean `{best.blank}`?"


def _likeness(text: str, phrase: Phrase) -> float:
    """How much of the phrase's own words stands in *text*, in order."""
    said, own = text.lower().split(), phrase.words.lower().split()
    matcher = difflib.SequenceMatcher(None, said, own, autojunk=False)
    letters = difflib.SequenceMatcher(None, text.lower(), phrase.words.lower(), autojunk=False)
    return matcher.ratio() + letters.ratio()


def _unclear(step: Step, code: str, message: str, mend: str | None) -> Diagnostic:
    return Diagnostic(code=code, message=message, file=step.file, line=step.line, help=mend)
