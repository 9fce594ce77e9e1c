@TBT-2.5
Feature: A measure can be justified on request
  Who prepares or applies a technical regulation with a significant effect on trade explains its
  justification when another Member asks.

  Rule: The justification stands with the rule
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.5
    Modal: shall, upon request of another Member
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that the request is answered; whether the effect on trade is significant

    Scenario: The toy rule says law, objective, reason and review
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      Then its record names Directive 2009/48/EC
      And it serves human health or safety
      And its record says why it applies and when it is looked at again

    @caught
    Scenario: A rule whose numbers nobody can account for is refused
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And nothing says where its numbers come from
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as nothing says where the numbers of this consequence come from

    @caught
    Scenario: And flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And nothing says where its numbers come from
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-2.5, as nothing says where the numbers of this consequence come from

    @caught
    Scenario: Numbers of a trial are an insufficient record
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And its numbers are those of a trial
      When the safeguards look at the rules on 2026-11-23
      Then the record is insufficient under TBT-2.5, as numbers of it are illustrative
