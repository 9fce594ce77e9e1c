@WP6-V
Feature: Product regulators and customs manage the risk of non-compliance together
  Agencies measure by the same two questions, how dangerous a product that does not comply is and how
  probable that is, and act on the joint answer.

  Rule: One level for all agencies, from danger and likelihood
    Source: UNECE Working Party 6, Recommendation V (2021, year to be confirmed)
    Modal: should
    Addressee: product regulators and customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: the values of the shared tables, which are illustrative but for one cell

    Scenario: A toy's danger and its importer's record make one level for everybody
      Given a consignment of plush toys with small parts
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then a danger of choking is found
      And the risk level is serious

    Scenario: The same danger with a good record makes a lesser level
      Given a consignment of plush toys with small parts
      And its importer's record is good
      When the declaration is decided on 2026-11-23
      Then the risk level is medium

    @caught
    Scenario: A control that goes by its own risk and not by the joint level is refused
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it no longer looks at the risk level
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control must depend on the risk

  Rule: Agencies that intervene do so together
    Source: UNECE Working Party 6, Recommendation V; Regulation (EU) No 952/2013, Article 47(1)
    Modal: should
    Addressee: product regulators and customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that the agencies come at that hour

    Scenario: Five agencies, one visit, all tasks
      Given a consignment of festival goods from Nigeria
      When the declaration is decided on 2026-11-23
      Then one order brings 5 agencies to the goods, led by market surveillance

    @caught
    Scenario: One agency's refusal never cancels another's task
      Given a consignment of plush toys with small parts
      When the declaration is decided on 2026-11-23
      And customs refuses the goods: "The origin is false."
      Then it may not enter
      And market surveillance selects it for a physical check

  Rule: Results at the border feed the risk
    Source: UNECE Working Party 6, Recommendation V
    Modal: should
    Addressee: product regulators and customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: how outcomes are collected; that they are representative

    Scenario: Outcomes make a poor record, and the poor record a higher level
      Given a consignment of hair dye
      And its importer's record is good
      And a twin of it
      And its importer's record is poor
      When both are decided on 2026-11-23
      Then the two meet other controls of market surveillance
      And the risk level is medium

    @caught
    Scenario: No trader can state its own record
      Given a consignment of hair dye
      And the trader itself states its non-compliant share as 0
      When the declaration is sent on 2026-11-23
      Then it is turned away, as is looked up, not declared
