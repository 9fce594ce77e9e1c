@TFA-7.9
Feature: Perishable goods are released in the shortest time
  Perishable goods for which all is in order are released in the shortest time, examined with priority,
  and a delay is explained on request.

  Rule: Goods that spoil wait for nothing but what law asks
    Source: WTO Agreement on Trade Facilitation, Article 7.9.1
    Modal: shall
    Addressee: the Member
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: the order of the queue and the hours of work (7.9.2): the system decides and does not
      schedule

    Scenario: Roses with all their papers are not held
      Given a consignment of cut roses from Kenya
      When the declaration is decided on 2026-11-23
      Then it may proceed
      And nothing is held

    @caught
    Scenario: A control of roses that no law asks for, at low risk, is flagged
      Given the rule "plants/rates#P11"
      And it is made a matter of discretion
      And it is made to impose a physical check on 100 % of consignments
      And a consignment of cut roses from Kenya
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TFA-7.4.3, as the risk is low, no law and no declared draw asks for it

  Rule: The reasons of a delay are at hand when they are asked for
    Source: WTO Agreement on Trade Facilitation, Article 7.9.4
    Modal: shall, to the extent practicable, upon written request
    Addressee: the Member
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: that the answer is sent

    Scenario: Roses without a phytosanitary certificate wait, and the trader is told for what
      Given a consignment of cut roses from Kenya
      And no phytosanitary certificate comes with it
      When the declaration is decided on 2026-11-23
      Then it is held until its phytosanitary certificate is verified
      And the trader is told of each act its law, its reason, its remedy and where to appeal

    @caught
    Scenario: A hold that could not be explained is flagged
      Given the rule "Hold plants until their phytosanitary certificate is verified"
      And it tells the trader neither reason nor remedy
      And a consignment of cut roses from Kenya
      And no phytosanitary certificate comes with it
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TFA-4.1, as its hold or refusal does not say why
