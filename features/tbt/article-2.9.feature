@TBT-2.9
Feature: Technical regulations that follow no standard are announced
  Where there is no relevant international standard, or the regulation deviates from it, and trade may be
  affected, the regulation is announced early and comments are taken.

  Rule: What deviates from standards is open to readers before it applies
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.9.1
    Modal: shall, at an early appropriate stage
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that comments are taken into account (2.9.4), and notification to the WTO (2.9.2)

    Scenario: The rule on machinery from 2027 can be read now
      Given the rule "products/machinery/chainsaw-danger-2027"
      When the rule is published on 2026-11-23
      Then anybody may read the rule

    Scenario: A rule that deviates says why, so that it can be commented on
      Given the rule "Sample skin lighteners with banned substances when the risk is serious"
      Then it says why no standard would do

    @caught
    Scenario: A rule that holds goods and that nobody outside may read is warned of
      Given the rule "Suspend release where a control finds the marking missing"
      And it is closed to the public
      When the rule is published on 2026-11-23
      Then it is warned of, as those whom it binds may not read it
