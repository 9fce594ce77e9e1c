@TFA-7.4.2
Feature: Risk management does not discriminate without a reason
  Risk management is neither arbitrary nor unjustifiable discrimination, and no disguised restriction of
  trade.

  Rule: Twins of two origins are treated alike
    Source: WTO Agreement on Trade Facilitation, Article 7.4.2
    Modal: shall
    Addressee: the Member
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether goods are alike: the twins here differ in their origin only. What law prescribes
      by origin, such as rates of checks, or a rule with evidence and an end, accounts for itself

    Scenario: Cotton shirts of two origins
      Given a consignment of cotton T-shirts
      And a twin of it
      And its origin is Türkiye
      When both are decided on 2026-11-23
      Then both meet the same controls and the same status

    Scenario: Cotton shirts of any origin
      Given a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then there is no flag under TFA-7.4.2, as treated alike with any other origin

    Scenario: Goods of any kind, of any two origins
      Given the rules as they are
      Then in every possible declaration like goods of any origin are treated alike

    @caught
    Scenario: A rule on the value of shirts of one country, without end or review, is flagged
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it is for goods from Bangladesh only
      And it has neither an end nor a review
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.4.2, as it names no end and no review

    @caught
    Scenario: And its twins are told apart
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it is for goods from Bangladesh only
      And it has neither an end nor a review
      And a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TFA-7.4.2, as other controls or status; it names no end and no review

  Rule: What treats origins otherwise cites evidence, and an end or a review
    Source: WTO Agreement on Trade Facilitation, Article 7.4.2
    Modal: shall
    Addressee: the Member
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether the evidence is good: what is tested is that it is there, current and not made up

    Scenario: A rule on places of transhipment has evidence and a review, and its numbers are still illustrative
      Given the rule "Goods of a place of transhipment are likelier to have a false origin on a first import"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TFA-7.4.2
      And the record is insufficient under TFA-7.4.2, as its numbers are illustrative

    @caught
    Scenario: Without its evidence it is flagged
      Given the rule "Goods of a place of transhipment are likelier to have a false origin on a first import"
      And its evidence is taken away
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.4.2, as it cites no evidence

    @caught
    Scenario: Once its review is overdue it is flagged
      Given the rule "Goods of a place of transhipment are likelier to have a false origin on a first import"
      And its review is due by 2026-11-22
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.4.2, as its review was due by 2026-11-22

  Rule: Traders are told apart by their record only
    Source: WTO Agreement on Trade Facilitation, Article 7.4.2 and 7.4.4
    Modal: shall
    Addressee: the Member
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether the outcomes on record are representative

    Scenario: Nothing is held against an importer of whom nothing is known
      Given a consignment of hair dye
      And nothing is known of its importer
      And a twin of it
      And its importer's record is good
      When both are decided on 2026-11-23
      Then both meet the same controls of market surveillance

    Scenario: Goods of any kind, of any two traders
      Given the rules as they are
      Then in every possible declaration like goods of any trader are treated alike

    @caught
    Scenario: A control of safety that spares authorised operators is told by its twins
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it spares authorised operators
      And a consignment of plush toys with small parts
      And its importer's record is poor
      And a twin of it
      And its importer is an authorised operator
      When both are decided on 2026-11-23
      Then the two meet other controls of market surveillance
