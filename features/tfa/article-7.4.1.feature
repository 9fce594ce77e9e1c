@TFA-7.4.1
Feature: There is a risk management system for customs control
  Each Member keeps, as far as it can, a system of risk management for customs control.

  Rule: Every goods item has a risk decision on record
    Source: WTO Agreement on Trade Facilitation, Article 7.4.1
    Modal: shall, to the extent possible
    Addressee: the Member, for customs control
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether the system is used in practice

    Scenario: A container of four kinds of goods has four risk decisions
      Given a consignment of a mixed container from Türkiye
      When the declaration is decided on 2026-11-23
      Then each goods item has a risk level, and each control its reason and its law

    @caught
    Scenario: A control that follows no risk is refused
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it no longer looks at the risk level
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control must depend on the risk

    @caught
    Scenario: And a safeguard flags it
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it no longer looks at the risk level
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.4.3, as a discretionary control must depend on the risk
