@TFA-5.2
Feature: The trader is told at once that goods are detained
  Carrier or importer is informed promptly when goods are detained for inspection.

  Rule: A hold is told, with the agency that keeps the goods
    Source: WTO Agreement on Trade Facilitation, Article 5.2
    Modal: shall, promptly
    Addressee: the Member, for customs or another competent authority
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: how quickly the message reaches the trader; that the carrier gets it, too

    Scenario: An importer of wood that is not marked is told who holds it
      Given a consignment of lathes in raw wood
      When the declaration is decided on 2026-11-23
      Then it is held by plant health
      And the trader is told that plant health keeps the goods

    Scenario: A hold by an officer is told, too
      Given a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      And market surveillance holds the goods: "The label is to be looked at."
      Then the trader is told that market surveillance keeps the goods

    @caught
    Scenario: A rule that would hold goods without telling why is refused
      Given the rule "Hold goods whose raw wood packing does not carry the mark of treatment"
      And it tells the trader neither reason nor remedy
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as the trader must be told
