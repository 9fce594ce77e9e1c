@TBT-5.1.1
Feature: Conformity assessment gives like access to all
  Suppliers of like products from any Member have access to conformity assessment under conditions no less
  favourable than others.

  Rule: Inspection tells no countries apart without an account
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.1.1
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: likeness; access to laboratories and marks

    Scenario: Chargers of two origins are examined alike
      Given a consignment of USB chargers, unmarked
      And a twin of it
      And its origin is France
      When both are decided on 2026-11-23
      Then both meet the same controls and the same status

    @caught
    Scenario: Examining the toys of one country only, without end or review, is flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is for goods from China only
      And it has neither an end nor a review
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-5.1.1, as it names no end and no review

    @caught
    Scenario: And is found by the twins of a decision
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is for goods from China only
      And it has neither an end nor a review
      And a consignment of plush toys with small parts
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TBT-5.1.1, as other controls or status; it names no end and no review
