@SPS-99.1
Feature: A rule that is restricted
  Consignments of little value are looked at, too.

  Rule: Little value is no reason to look away
    Source: none
    Modal: may
    Addressee: customs
    Regime: customs
    Confidence: illustrative, checked 2026-11-26
    Not tested: all else

    @caught
    Scenario: The restricted rule is named
      Given the rule "customs/low-value"
      And a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      Then the risk level is low
