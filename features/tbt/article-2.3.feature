@TBT-2.3
Feature: A measure ends when its cause is gone
  A technical regulation is not kept when circumstances or objectives no longer exist, or can be met by
  less.

  Rule: A technical regulation is looked at again in time
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.3
    Modal: shall, be dropped
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether circumstances have changed: what is tested is the review on record

    Scenario: A review that lies ahead
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TBT-2.3

    Scenario: A rule that has ended decides no later goods
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it ends on 2026-11-23
      And a consignment of plush toys with small parts
      When the declaration is decided on 2026-11-23
      Then the rule does not apply

    @caught
    Scenario: A review that is overdue
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And its review is due by 2026-11-22
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-2.3, as the review was due by 2026-11-22

    @caught
    Scenario: A rule that nobody looks at again
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And it has neither an end nor a review
      When the safeguards look at the rules on 2026-11-23
      Then the record is insufficient under TBT-2.3, as nothing says when it ends or is looked at again

    @caught @flag
    Scenario: On some day a rule outlives the law that it cites
      Given the rules as they are
      Then it is a known flag, as rules on toys have no end although Directive 2009/48/EC ends on 1 August 2030 and their review comes before, that not always every control has a basis in force
