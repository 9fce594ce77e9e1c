@TBT-5.8
Feature: Adopted procedures are published
  All conformity assessment procedures that were adopted are published promptly or made available
  otherwise.

  Rule: What holds goods can be read by those whom it binds
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.8
    Modal: shall, promptly
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: rules that select for control and are closed to traders so that they cannot be evaded:
      whether that is publication enough is for a lawyer

    Scenario: Suspension of release can be read by anybody
      Given the rule "Suspend release where a control finds the marking missing"
      When the rule is published on 2026-11-23
      Then anybody may read the rule
      And every rule that holds or refuses goods may be read by anybody

    @caught
    Scenario: A suspension by a closed rule is warned of
      Given the rule "Suspend release where a control finds the marking missing"
      And it is closed to the public
      When the rule is published on 2026-11-23
      Then it is warned of, as it holds or refuses goods, and those whom it binds may not read it
