@TBT-6.1
Feature: Results of equivalent conformity assessment are accepted
  Results of procedures in other Members are accepted whenever possible, even if these procedures differ,
  where they give equivalent assurance.

  Rule: A verified report for this model spares it a second test
    Source: WTO Agreement on Technical Barriers to Trade, Article 6.1
    Modal: shall, whenever possible
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: law, checked 2026-11-26
    Not tested: whether a procedure elsewhere is equivalent, and the competence of its body (6.1.1)

    Scenario: A toy with an accredited report is not examined again
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And a consignment of plush toys with small parts
      And its importer's record is poor
      And its accredited test report is verified
      When the declaration is decided on 2026-11-23
      Then it is selected by nobody for a physical check
      And the rule is lifted by what the trader has shown

    Scenario: A report that is only claimed spares nothing
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And a consignment of plush toys with small parts
      And its importer's record is poor
      And its accredited test report is claimed and not verified
      When the declaration is decided on 2026-11-23
      Then the rule applies
      And market surveillance selects it for a physical check

    Scenario: Whatever is declared, who proves an exemption is controlled no more
      Given the rules as they are
      Then in every possible declaration an exemption lifts or lightens

    @caught
    Scenario: A rule that accepts no result has an insufficient record
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it exempts nobody
      When the safeguards look at the rules on 2026-11-23
      Then the record is insufficient under TBT-6.1, as no result of another body spares the control, and nothing says why
