@TBT-5.9
Feature: There is time to adapt to a procedure
  But in urgent cases, there is a reasonable interval between publication of a procedure and its entry
  into force.

  Rule: Six months or more lie between publication and the first day
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.9; WTO, Ministerial Decision on
      Implementation-Related Issues and Concerns, 14 November 2001
    Modal: shall, but in urgent circumstances
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that six months, said of technical regulations, are right for procedures, too

    Scenario: An examination of toys from the next summer
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it enters into force on 2027-06-01
      When the rule is published on 2026-11-23
      Then traders have 6 months or more to adapt

    @caught
    Scenario: One from the next month is warned of
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it enters into force on 2026-12-23
      When the rule is published on 2026-11-23
      Then it is warned of, as traders have less than 6 months to adapt
