@TFA-7.1
Feature: Goods are processed before they arrive
  Import documents may be lodged before arrival, and are worked on then, so that goods are released
  quickly when they come.

  Rule: A declaration lodged before arrival is decided then
    Source: WTO Agreement on Trade Facilitation, Article 7.1.1
    Modal: shall
    Addressee: the Member, for documents and information on import
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that release indeed follows quickly on arrival

    Scenario: Shirts are decided before they arrive
      Given a consignment of cotton T-shirts
      And it is lodged before arrival
      When the declaration is decided on 2026-11-20
      Then the risk level is low
      And the lane is green

    Scenario: The trader learns before arrival what the goods will wait for
      Given a consignment of sesame from Nigeria
      And it is lodged before arrival
      When the declaration is decided on 2026-11-20
      Then it is held until its CHED-D is verified
      And the trader is told of each act its law, its reason, its remedy and where to appeal

    @caught
    Scenario: What is not known before arrival is left open and shown, never guessed
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And a consignment of plush toys with small parts
      And it is lodged before arrival
      And the trader leaves "small parts" blank
      When the declaration is decided on 2026-11-23
      Then the rule is left open, and imposes nothing
      And the trader is asked for "small parts"
