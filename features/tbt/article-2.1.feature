@TBT-2.1
Feature: Like products are treated no less favourably, whatever their origin
  Products from any Member are treated no less favourably than like products of national origin and of any
  other country.

  Rule: A technical regulation tells no countries apart without an account
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.1
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation
    Confidence: to-confirm, checked 2026-11-26
    Not tested: likeness: the twins here differ in their origin only. Whether a distinction is legitimate
      and even-handed is for a lawyer

    Scenario: Toys of any origin are treated alike
      Given a consignment of plush toys with small parts
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then there is no flag under TFA-7.4.2, as treated alike with any other origin

    Scenario: Twins of two origins meet the same controls
      Given a consignment of plush toys with small parts
      And a twin of it
      And its origin is Germany
      When both are decided on 2026-11-23
      Then both meet the same controls and the same status

    @caught
    Scenario: A technical regulation for toys of one country, without end or review, is flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And it is for goods from China only
      And it has neither an end nor a review
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-2.1, as it names no end and no review

    @caught
    Scenario: Its twins are told apart
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is for goods from China only
      And a consignment of plush toys with small parts
      And a twin of it
      And its origin is Germany
      When both are decided on 2026-11-23
      Then the two are treated otherwise
