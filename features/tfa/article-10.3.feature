@TFA-10.3
Feature: International standards are a basis for formalities
  Members are encouraged to use relevant international standards for their formalities and procedures.

  Rule: A control names its standard, or says why it has none
    Source: WTO Agreement on Trade Facilitation, Article 10.3.1
    Modal: endeavour, encouraged to use
    Addressee: the Member
    Regime: customs
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the standard is the relevant one

    Scenario: The look at goods whose code is doubted says why no standard would do
      Given the rule "Look at goods whose code is doubted when the risk is high"
      When the safeguards look at the rules on 2026-11-23
      Then it says why no standard would do
      And the rule is not flagged under TFA-10.3

    @caught
    Scenario: Without standard and reason it is refused
      Given the rule "Look at goods whose code is doubted when the risk is high"
      And it names neither a standard nor a reason for having none
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as neither a relevant standard nor a reason for deviating

    @caught
    Scenario: And flagged
      Given the rule "Look at goods whose code is doubted when the risk is high"
      And it names neither a standard nor a reason for having none
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-10.3, as neither a relevant standard nor a reason for deviating
