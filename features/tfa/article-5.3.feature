@TFA-5.3
Feature: After an adverse finding a second test may be had
  Where a first test of a sample finds against the goods, a second one may be granted on request, and its
  result counts.

  Rule: A second test and its result can follow a refusal
    Source: WTO Agreement on Trade Facilitation, Article 5.3.1 and 5.3.3
    Modal: may, on request
    Addressee: the Member, for its competent authorities
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: which laboratories may test again, and that they are published (5.3.2)

    Scenario: A second test is added, and its result lifts the refusal
      Given a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      And market surveillance refuses the goods: "The first test found a banned dye."
      And market surveillance adds sampling and testing: "Second test, on request of the importer."
      And market surveillance lifts what it has held or refused: "The second test found no banned dye."
      Then it may proceed
      And every act is on record with its author and reason

    @caught
    Scenario: Another agency cannot do away with the finding
      Given a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      And market surveillance refuses the goods: "The first test found a banned dye."
      And customs lifts what it has held or refused: "The importer is in a hurry."
      Then that act has no effect
      And it may not enter
