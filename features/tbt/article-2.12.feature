@TBT-2.12
Feature: There is time to adapt between publication and entry into force
  But in urgent cases, producers get a reasonable interval, normally six months, to adapt their products
  or methods.

  Rule: Six months or more lie between publication and the first day
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.12; WTO, Ministerial Decision on
      Implementation-Related Issues and Concerns, 14 November 2001, paragraph 5.2
    Modal: shall, but in urgent circumstances; normally not less than six months
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation
    Confidence: to-confirm, checked 2026-11-26
    Not tested: rules that had entered into force elsewhere before they were first published here; whether
      urgency excuses less

    Scenario: A rule that applies from the next summer
      Given the rule "Strong magnets of toys, once swallowed, pinch the gut"
      And it enters into force on 2027-06-01
      When the rule is published on 2026-11-23
      Then traders have 6 months or more to adapt

    Scenario: Exactly six months are enough
      Given the rule "Strong magnets of toys, once swallowed, pinch the gut"
      And it enters into force on 2027-05-23
      When the rule is published on 2026-11-23
      Then traders have 6 months or more to adapt

    @caught
    Scenario: A day less is warned of
      Given the rule "Strong magnets of toys, once swallowed, pinch the gut"
      And it enters into force on 2027-05-22
      When the rule is published on 2026-11-23
      Then it is warned of, as traders have less than 6 months to adapt
