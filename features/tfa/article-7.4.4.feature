@TFA-7.4.4
Feature: Risk is assessed by suitable criteria
  Risk is assessed by suitable criteria; code, description, origin, country shipped from, value, record of
  the trader and means of transport are among them.

  Rule: Each test says which criterion it uses
    Source: WTO Agreement on Trade Facilitation, Article 7.4.4
    Modal: shall, by appropriate criteria that may include the seven named
    Addressee: the Member
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether a criterion is suitable for the goods

    Scenario: A rule on cheap garments says that it looks at code and value
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      When the safeguards look at the rules on 2026-11-23
      Then it looks at the commodity code
      And it looks at the value per kilogram
      And the rule is not flagged under TFA-7.4.4

    @caught
    Scenario: A rule that names no criterion is refused
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And its tests do not say which criterion they use
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as this test does not say which criterion of TFA 7.4.4 it uses

    @caught
    Scenario: A likelihood that rests on origin alone, with no evidence, is flagged
      Given the rule "Garments of a very low value per kilogram are likelier to be undervalued"
      And it selects by the origin Bangladesh alone
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.4.4, as it selects by origin alone, and cites no evidence

  Rule: Numbers say where they come from
    Source: WTO Agreement on Trade Facilitation, Article 7.4.4
    Modal: shall
    Addressee: the Member
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the numbers are right: those of this project are illustrative

    Scenario: Numbers for demonstration are an insufficient record, and not a flag
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TFA-7.4.4
      And the record is insufficient under TFA-7.4.4, as numbers of it are illustrative

    @caught
    Scenario: Numbers without a source are refused
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And nothing says where its numbers come from
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as nothing says where the numbers of this consequence come from
