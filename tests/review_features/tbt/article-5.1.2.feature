@TBT-5.1.2
Feature: Conformity assessment is no stricter than confidence in conformity needs
  Procedures give importing Members enough confidence that products conform, and no more than that,
  given the risks that non-conformity would create.

  Rule: A discretionary control stays on the ladder of its risk level
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.1.2
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: law, checked 2026-11-23
    Not tested: whether the ladder is right: it is this project's own and illustrative. A minimum that
      law prescribes is reported against it, not judged by it

    Scenario: The examination of a dangerous toy is no stricter than its risk level allows
      Given a consignment of a plush toy with small parts
      And under "intended age" the trader declares 18 months
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then no control is flagged as above the ladder

    @caught
    Scenario: Sampling every consignment of cheap garments is flagged
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it is made to impose sampling and testing on 100 % of consignments
      And a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      Then sampling and testing by customs is flagged as above the ladder
