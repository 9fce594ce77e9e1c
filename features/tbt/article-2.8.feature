@TBT-2.8
Feature: Performance rather than design
  Technical regulations speak, wherever appropriate, of what a product does rather than of how it is made
  or described.

  Rule: A rule tests what goods do, not what is written of them
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.8
    Modal: shall, wherever appropriate
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation, TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether a test is of performance or of design: free text is the one sign that can be seen
      from outside

    Scenario: Dangerous magnets are told by their pull
      Given the rule "Strong magnets of toys, once swallowed, pinch the gut"
      Then it looks at nothing that is only written of the goods

    Scenario: A toy with a strong magnet is one by its pull, whatever it is called
      Given a consignment of plush toys with small parts
      And under "components" the trader declares magnet
      And under "magnetic flux index" the trader declares 60
      When the declaration is decided on 2026-11-23
      Then the rule "Strong magnets of toys, once swallowed, pinch the gut" applies

    @caught
    Scenario: A rule that looks for words in the description is found
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it looks for words in the description of the goods
      Then it is found to look at the description of the goods, which is only written of the goods
