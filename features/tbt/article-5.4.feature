@TBT-5.4
Feature: International guides are the basis of conformity assessment
  Where relevant guides or recommendations of international bodies exist they are the basis of procedures,
  unless they are inappropriate.

  Rule: A control names its standard, or why it deviates
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.4
    Modal: shall, unless inappropriate
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the standard is relevant

    Scenario: Power banks are examined by a standard
      Given the rule "Examine power banks when the risk is high"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TBT-5.4

    @caught
    Scenario: A control with neither is flagged
      Given the rule "Examine power banks when the risk is high"
      And it names neither a standard nor a reason for having none
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-5.4, as neither a relevant standard nor a reason for deviating
