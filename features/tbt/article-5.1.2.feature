@TBT-5.1.2
Feature: Conformity assessment is no stricter than confidence in conformity needs
  Source: WTO Agreement on Technical Barriers to Trade, Article 5.1.2 ("shall"; addressee: the Member).
  Status: law. The ladder that says what is proportionate to each risk level is this project's own and illustrative.
  Not tested here: whether the ladder is right. A minimum that law prescribes is reported against it, not judged by it.

  Rule: A discretionary control stays on the ladder of its risk level

    Scenario: The examination of a dangerous toy is no stricter than its risk level allows
      Given a plush toy for children of 18 months with small parts
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then no control is flagged as above the ladder

    Scenario: Sampling every consignment of cheap garments is flagged
      Given the rule that asks for papers on cheap garments
      And it is made to sample and test every consignment instead
      And cotton shirts at two euro a kilogram
      When the declaration is decided on 2026-11-23
      Then sampling by customs is flagged as above the ladder
