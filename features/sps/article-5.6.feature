@SPS-5.6
Feature: No more trade-restrictive than the level of protection needs
  A measure restricts trade no more than the appropriate level of protection takes: there is no other that
  is reasonably available, achieves the level, and is significantly less restrictive.

  Rule: A significantly lesser measure that does as much is taken instead
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 5.6 and
      footnote 3
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: law, checked 2026-11-26
    Not tested: the level of protection, and whether the alternative meets it; *significantly* is read as
      two steps of the scale of controls, which is ours

    Scenario: On the record of wood packing, papers do less
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under SPS-5.6

    Scenario: Whatever is declared, the record knows no lesser alternative that does as much
      Given the rules as they are
      Then in every possible declaration no control is dominated by an alternative on record

    @caught
    Scenario: On a record by which papers do as much, the examination is flagged
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And its record says that a documentary check would contribute as much
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-5.6, as documentary check is lesser, to be had, and does as much

    @caught
    Scenario: Whether a look at the identity would be *significantly* lesser is not on record
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And its record says that an identity check would contribute as much
      When the safeguards look at the rules on 2026-11-23
      Then the record is insufficient under SPS-5.6, as whether it is significantly lesser is not on record
