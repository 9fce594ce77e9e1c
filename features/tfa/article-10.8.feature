@TFA-10.8
Feature: Rejected goods may be sent back
  Where goods are rejected because they do not meet sanitary, phytosanitary or technical rules, the
  importer may re-consign or return them.

  Rule: A refusal offers the way back
    Source: WTO Agreement on Trade Facilitation, Article 10.8.1
    Modal: shall, subject to laws and regulations
    Addressee: the Member
    Regime: SPS, TBT-regulation, TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: how long the importer has, and what happens if nothing is done (10.8.2)

    Scenario: Beans that may not enter can be returned
      Given a consignment of dried beans from Nigeria
      When the declaration is decided on 2026-11-23
      Then it may not enter
      And the remedy speaks of returned

    @caught
    Scenario: A refusal that offers no way back shows
      Given the rule "food/entry-prohibited#C094"
      And its remedy is "The goods are destroyed."
      And a consignment of dried beans from Nigeria
      When the declaration is decided on 2026-11-23
      Then it may not enter
      And no remedy speaks of returned
