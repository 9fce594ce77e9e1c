@SPS-2.3
Feature: Measures do not discriminate where conditions are the same
  Members with identical or similar conditions are not told apart arbitrarily or without justification,
  the own territory included.

  Rule: Origins are told apart by law or by evidence, with an end or a review
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 2.3
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether conditions in two countries are similar

    Scenario: Honey of two origins is checked alike
      Given a consignment of a mixed container from Türkiye
      And its goods item 2 alone
      And a twin of it
      And its origin is Argentina
      When both are decided on 2026-11-23
      Then both meet the same controls and the same status

    Scenario: Sesame of listed origins is told apart by law
      Given a consignment of sesame from Nigeria
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then the record is insufficient under SPS-2.3, as law prescribes it, which a lawyer has yet to confirm

    @caught
    Scenario: Examining wood packing of one country only, without end or review, is flagged
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it is for goods from China only
      And it has neither an end nor a review
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-2.3, as it names no end and no review

    @caught
    Scenario: A mandate for one country that cites no law of its own is a matter of discretion
      Given the rule "food/increased-controls#C079"
      And it is made a matter of discretion
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.4.3, as a discretionary control must depend on the risk
