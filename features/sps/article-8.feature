@SPS-8
Feature: Control, inspection and approval keep to Annex C
  Procedures of control, inspection and approval keep to Annex C of the Agreement, and are otherwise not
  inconsistent with it.

  Rule: Controls are kept to the minimum that law prescribes, or to the ladder
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 8
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the minimum that law prescribes is needed: it is reported against the ladder, and
      not judged

    Scenario: The examination of roses is a legal minimum, reported
      Given a consignment of cut roses from Kenya
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then there is no flag under SPS-8, as its control is above the ladder, as law or a programme sets it

    @caught
    Scenario: Sampling all wood packing at high risk is flagged
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it is made to impose sampling and testing on 100 % of consignments
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-8, as it can apply at high risk, and is above what the ladder gives that level
