"""What the pages of the review share: which release is reviewed, and what who reads may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from api.http.access import caller_or_public
from api.service.deciding import Service
from api.service.policy import SIGN, SUPPOSE, sees
from api.service.reviews import Reviews
from api.service.sight import Sight
from api.service.signing_off import SignOffs
from api.words.reviewed import Standing
from api.words.reviewing import SIGNS, ReviewWords, standing
from engine.decide.decision import ReleaseRef
from engine.release import Release
from engine.specs.fingerprint import Fingerprint
from engine.specs.review import Review


class UnreviewedError(Exception):
    """The release was not reviewed yet, or not by this version."""

    def __init__(self, release: ReleaseRef) -> None:
        self.release = release
        super().__init__(f"the release {release.id} was not reviewed yet")


@dataclass(frozen=True)
class Shown:
    """A reviewed release as who asks sees it."""

    review: Review
    release: Release
    sight: Sight
    words: ReviewWords


class Reviewing:
    """The *reviews* of releases, what counsel said of them, and the *service* that decides."""

    def __init__(self, service: Service, reviews: Reviews) -> None:
        self.service, self.reviews = service, reviews
        self.signoffs = SignOffs(service.store, service.clock)

    def shown(self, name: str | None = None) -> Shown:
        """The review of the release that the address or *name* says; of the one in force, if none.

        Raises `UnreviewedError`, `MissingError`: no such release is kept; `ReleaseError`.
        """
        digest = self.reviews.digest(name or request.args.get("release") or None)
        release = self.reviews.release(digest)
        review = self.reviews.found(digest)
        if review is None:
            raise UnreviewedError(release.ref)
        sight = self.sight(release)
        words = ReviewWords(review, sight, release.vocabulary, self.linked)
        return Shown(review, release, sight, words)

    def sight(self, release: Release) -> Sight:
        """What who asks may see of a release."""
        return Sight(release.base.rules, caller_or_public(), self.service.disclosing)

    def linked(self, rule: str) -> bool:
        """Whether the rule has a page among those of the release in force that one may open."""
        number = self.service.decider.program.numbers.get(rule)
        return number is not None and sees(
            caller_or_public(), self.service.decider.program.rules[number].rule
        )

    def now(self, clause: str) -> Fingerprint | None:
        """What would be signed of a clause: by the release in force, once it is reviewed."""
        return self.reviews.fingerprints(self.reviews.ref.digest).get(clause)

    def standing(self, clause: str, sight: Sight) -> Standing:
        """How counsel's last word on a clause stands."""
        return standing(self.signoffs.of(clause), self.now(clause), sight)


def prepare(room: Blueprint) -> None:
    """Say what all pages show, and what is shown where there is no review."""

    @room.context_processor
    def shared() -> dict[str, Any]:
        who = caller_or_public()
        return {
            "signs": SIGNS,
            "may_try": who is not None and who.may(SUPPOSE),
            "may_sign": who is not None and who.may(SIGN),
            "here": here,
        }

    @room.errorhandler(UnreviewedError)
    def unreviewed(error: UnreviewedError) -> str:
        return render_template("review/empty.html", unreviewed=error.release)


def here(endpoint: str, **more: Any) -> str:
    """The address of a page of the review, of the release that this page is about."""
    kept = {"release": request.values["release"]} if request.values.get("release") else {}
    return url_for(f"review.{endpoint}", **{**kept, **more})
