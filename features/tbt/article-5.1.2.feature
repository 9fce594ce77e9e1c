@TBT-5.1.2
Feature: Conformity assessment is no stricter than confidence in conformity needs
  Procedures give importing Members enough confidence that products conform, and no more than that, given
  the risks that non-conformity would create.

  Rule: A discretionary control stays on the ladder of its risk level
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.1.2
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: law, checked 2026-11-26
    Not tested: whether the ladder is right: it is this project's own and illustrative. A minimum that law
      prescribes is reported against it, not judged by it

    Scenario: The examination of a dangerous toy is no stricter than its risk level allows
      Given a consignment of plush toys with small parts
      And under "intended age" the trader declares 18 months
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then no control is flagged as above the ladder

    Scenario: Whatever is declared, no discretionary control is above the ladder
      Given the rules as they are
      Then in every possible declaration no control is above the ladder

    @caught
    Scenario: Sampling every consignment of cheap garments is flagged
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it is made to impose sampling and testing on 100 % of consignments
      And a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      Then sampling and testing by customs is flagged as above the ladder

    @caught
    Scenario: An examination of toys from medium risk is flagged before any goods come
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it applies from medium risk
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-5.1.2, as it can apply at medium risk, and is above what the ladder gives that level

  Rule: No stricter where confidence exists
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.1.2
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: law, checked 2026-11-26
    Not tested: how much confidence is enough

    Scenario: A toy of the same kind, from an importer with a good record, is not examined
      Given a consignment of plush toys with small parts
      And its importer's record is good
      When the declaration is decided on 2026-11-23
      Then it is selected by nobody for a physical check

    Scenario: A toy with a verified report is not examined either
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And a consignment of plush toys with small parts
      And its importer's record is poor
      And its accredited test report is verified
      When the declaration is decided on 2026-11-23
      Then the rule is lifted by what the trader has shown
      And it is selected by nobody for a physical check

    @caught
    Scenario: Strict where confidence exists: a rule that hears no proof has an insufficient record
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it exempts nobody
      And a consignment of plush toys with small parts
      And its importer's record is poor
      And its accredited test report is verified
      When the declaration is decided on 2026-11-23
      And the safeguards look at the rules on 2026-11-23
      Then market surveillance selects it for a physical check
      And the record is insufficient under TBT-6.1, as no result of another body spares the control

    @caught
    Scenario: Strict where confidence exists: sampling toys at high risk is flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is made to impose sampling and testing on 100 % of consignments
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-5.1.2, as it can apply at high risk, and is above what the ladder gives that level

  Rule: A lesser measure that gives as much confidence is taken
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.1.2
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: law, checked 2026-11-26
    Not tested: whether the recorded contribution is true

    Scenario: On the record of power banks, papers alone do less
      Given the rule "Examine power banks when the risk is high"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TBT-5.1.2

    @caught
    Scenario: On a record by which papers do as much, it is flagged
      Given the rule "Examine power banks when the risk is high"
      And its record says that a documentary check would contribute as much
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-5.1.2, as documentary check is lesser, to be had, and does as much
