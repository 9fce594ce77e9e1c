@TBT-2.4
Feature: Relevant international standards are the basis
  Where a relevant international standard exists it is the basis of the technical regulation, unless it
  would be ineffective or inappropriate.

  Rule: A rule names its standard, or why it deviates
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.4
    Modal: shall, unless ineffective or inappropriate
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation
    Confidence: law, checked 2026-11-26
    Not tested: whether the standard is relevant and international; whether the reason is good

    Scenario: The toy rule names its standard
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      When the safeguards look at the rules on 2026-11-23
      Then it names EN 71-1 as its standard
      And the rule is not flagged under TBT-2.4

    Scenario: A rule without one says why
      Given the rule "Examine jewellery with lead or cadmium when the risk is high"
      When the safeguards look at the rules on 2026-11-23
      Then it says why no standard would do

    @caught
    Scenario: A rule with neither is refused
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it names neither a standard nor a reason for having none
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as neither a relevant standard nor a reason for deviating

    @caught
    Scenario: And flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And it names neither a standard nor a reason for having none
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-2.4, as neither a relevant standard nor a reason for deviating
