"""The properties that law asks of every declaration, each with its article and in its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.prove.proving import Prover, Question
from engine.prove.questions import grounds, means, risk, treatment


@dataclass(frozen=True, slots=True)
class Property:
    """What holds of every declaration, by whose *article*.

    *statement* says it in a sentence, *terms* what the words in it mean here. *ask* makes the
    question whether it can be broken.
    """

    id: str
    title: str
    article: str
    statement: str
    terms: str
    ask: Callable[[Prover], Question]


PROPERTIES: dict[str, Property] = {
    one.id: one
    for one in (
        Property(
            "low-risk-released",
            "Low risk is released",
            "WTO TFA, Article 7.4.3",
            "Goods of determined low risk, under no mandate and not drawn, are released.",
            "Determined: nothing that is unknown could raise the level. Drawn: by a declared "
            "random selection or scheme. Released: no control but an audit after release, no "
            "hold, no question.",
            risk.released,
        ),
        Property(
            "more-risk-no-less-control",
            "Control never falls as risk rises",
            "WTO TFA, Article 7.4.3",
            "Of goods that differ in their risk level only, those of the higher level are "
            "controlled no less.",
            "Control: the rate, before the draw, of discretionary controls at the border, of each "
            "intensity or more; an audit after release is none. All else that control rules test "
            "is equal, and with it mandates, exemptions and status.",
            risk.monotone,
        ),
        Property(
            "same-treatment-of-origins",
            "Like goods of any origin are treated alike",
            "WTO TFA, Article 7.4.2; WTO TBT, Article 2.1",
            "Goods that differ in origin only have the same controls and status, unless a "
            "justification on record differs.",
            "A justification: a rule that tests the origin and cites a source for it that is not "
            "illustrative. Law prescribes it; or it ends or is reviewed, and names its evidence "
            "where it speaks of likelihood.",
            treatment.origins,
        ),
        Property(
            "same-treatment-of-traders",
            "Like goods of any trader are treated alike",
            "WTO TFA, Article 7.4.2",
            "Goods that differ in who imports them only have the same controls and status, unless "
            "a justification on record differs.",
            "A justification: as for origins, of a rule that tests who imports.",
            treatment.traders,
        ),
        Property(
            "within-ladder",
            "No control is above the ladder",
            "WTO TBT, Article 5.1.2",
            "No discretionary control is more intense, or more frequent, than the ladder has for "
            "the risk level.",
            "The level is the possible one. Mandates, random selection and schemes are not judged "
            "by the ladder.",
            means.ladder,
        ),
        Property(
            "no-lesser-alternative",
            "No control is dominated by an alternative on record",
            "WTO TBT, Article 2.2; WTO SPS, Article 5.6",
            "No discretionary control is imposed of which the record says that a less restrictive "
            "one would do as much and is available.",
            "The record: the alternatives that a rule weighs.",
            means.dominance,
        ),
        Property(
            "authorised-no-worse",
            "Authorised operators are not controlled more",
            "WTO TFA, Article 7.7",
            "Goods of an authorised operator are controlled no more, and held no more gravely, "
            "than the same goods of any other importer.",
            "Control: the rate, before the draw, by law or by risk, of each intensity or more, at "
            "the border; an audit after release is none.",
            treatment.authorised,
        ),
        Property(
            "basis-in-force",
            "Every control has a basis in force",
            "WTO TFA, Article 4; WTO TBT, Article 2.3",
            "Whatever is imposed cites law, and every act that it cites is in force on the "
            "rule's own day.",
            "In force: as the ontology has it of the acts that it knows, by reference or link.",
            grounds.basis,
        ),
        Property(
            "exemption-lightens",
            "An exemption lifts or lightens",
            "WTO TBT, Article 6.1",
            "Who proves an exemption, all else equal, is controlled no more and held no more "
            "gravely.",
            "Proof: documents and what agencies look up, as exemptions ask for them.",
            grounds.exemption,
        ),
        Property(
            "no-gap",
            "Nothing falls between agencies",
            "UNECE WP.6, Recommendation V",
            "Goods in the scope of a regulation get a determined risk level, or somebody is asked.",
            "Scope: the products that the ontology says a regulation governs.",
            grounds.gap,
        ),
    )
}
"""All properties, by id."""
