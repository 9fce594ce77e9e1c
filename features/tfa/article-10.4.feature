@TFA-10.4
Feature: What a single window has received is not asked for again
  Documents and data that came through the single window are not asked for again by the agencies that take
  part, but in urgent or published cases.

  Rule: A fact is asked for once, for all agencies
    Source: WTO Agreement on Trade Facilitation, Article 10.4.2
    Modal: shall, but in urgent cases and limited exceptions that are made public
    Addressee: participating authorities and agencies
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: requests that an agency makes outside the system

    Scenario: Where sesame was wrapped is asked for once, for all rules that need it
      Given a consignment of sesame from Nigeria
      And the trader leaves "country where processed" blank
      When the declaration is decided on 2026-11-23
      Then the trader is asked for "country where processed"
      And whatever is asked for is asked for once, with reason, day and consequence

    Scenario: Nobody asks for what was given
      Given a consignment of sesame from Nigeria
      And the trader leaves "country where processed" blank
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then there is no flag under TFA-10.4, as asked for once, and not given before

    @caught
    Scenario: A value that was given in another currency is asked for again, and this is flagged
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it asks for what it lacks
      And a consignment of cotton T-shirts
      And under "value" the trader declares 3600 USD
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TFA-10.4, as asked for, although it was given
