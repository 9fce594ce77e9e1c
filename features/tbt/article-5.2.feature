@TBT-5.2
Feature: Conformity assessment is quick, asks for what it needs, and is not repeated
  Procedures are completed as fast as possible, information is limited to what is needed, and a change of
  the product is assessed no further than it goes.

  @TBT-5.2.3
  Rule: What is asked for is limited to what can change the outcome
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.2.3
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: fees (5.2.5), confidentiality (5.2.4), sites and samples (5.2.6)

    Scenario: A charger is asked for what the rule needs, and nothing else
      Given a consignment of USB chargers, unmarked
      And the trader leaves "rated voltage" blank
      When the declaration is decided on 2026-11-23
      Then the trader is asked for "rated voltage"
      And whatever is asked for is asked for once, with reason, day and consequence

    Scenario: What would change nothing is not asked for
      Given a consignment of USB chargers, unmarked
      And the trader leaves "mains powered" blank
      When the declaration is decided on 2026-11-23
      Then nothing is asked for

    Scenario: What is asked for was not given
      Given a consignment of USB chargers, unmarked
      And the trader leaves "rated voltage" blank
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then there is no flag under TBT-5.2, as asked for once, and not given before

    Scenario: A toy of which the product was given is asked whether it is electrical, and not for its product again
      Given a consignment of plush toys with small parts
      And the trader leaves "small parts" blank
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then the trader is asked for "electrical"
      And there is no flag under TBT-5.2, as asked for once, and not given before

    @caught
    Scenario: Lighters under the code of toys are asked for their product, although it was given
      Given a consignment of plush toys with small parts
      And the trader leaves "small parts" blank
      And under "product" the trader declares lighter
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TBT-5.2, as asked for, although it was given

  @TBT-5.2.7
  Rule: What was assessed is not assessed again when something else changes
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.2.7
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: changes of a product after it was placed on the market

    Scenario: A new mass does not bring a new draw or another examination
      Given a consignment of plush toys with small parts
      And the same goods are declared anew
      And its net mass is 600 kg
      When both are decided on 2026-11-23
      Then both have the same draw
      And both meet the same controls and the same status

    @caught
    Scenario: A change that matters does: toys for older children
      Given a consignment of plush toys with small parts
      And the same goods are declared anew
      And under "intended age" the trader declares 36 months
      When both are decided on 2026-11-23
      Then the two meet other controls of market surveillance

  @TBT-5.2.1
  Rule: A procedure has an end
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.2.1 and 5.2.2
    Modal: shall, as expeditiously as possible
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: how long procedures take

    Scenario: A suspension by market surveillance law has its four working days
      Given a consignment of radio toys, suspended
      When the declaration is decided on 2026-11-23
      Then the hold is looked at again by 2026-11-27

    Scenario: A suspension that the authority asks to maintain stands until it decides
      Given a consignment of radio toys, suspended
      And under "request to maintain the suspension" the agencies have yes on record
      When the declaration is decided on 2026-11-30
      Then it is held by customs

    Scenario: What no control has found suspends nothing
      Given a consignment of radio toys, suspended
      And the agencies have no record of "marking found missing"
      And the agencies have no record of "operator found missing"
      When the declaration is decided on 2026-11-23
      Then it may proceed

    @caught
    Scenario: When they are over, a task says so, and nothing is released by the clock alone
      Given a consignment of radio toys, suspended
      When the declaration is decided on 2026-11-30
      Then the hold is due to be looked at, and the goods are still held
