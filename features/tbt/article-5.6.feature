@TBT-5.6
Feature: Procedures that follow no guide are announced
  Where there is no relevant guide, or the procedure deviates from it, and trade may be affected, the
  procedure is announced early and comments are taken.

  Rule: A procedure that deviates says so and why
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.6.1
    Modal: shall, at an early appropriate stage
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: the notice itself, notification to the WTO, and comments (5.6.2 to 5.6.4)

    Scenario: Sampling of skin lighteners says why it follows no guide
      Given the rule "Sample skin lighteners with banned substances when the risk is serious"
      When the safeguards look at the rules on 2026-11-23
      Then it says why no standard would do
      And the rule is not flagged under TBT-5.4

    @caught
    Scenario: Deviating in silence is refused
      Given the rule "Sample skin lighteners with banned substances when the risk is serious"
      And it names neither a standard nor a reason for having none
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as neither a relevant standard nor a reason for deviating
