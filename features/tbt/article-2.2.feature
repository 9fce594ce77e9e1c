@TBT-2.2
Feature: No more trade-restrictive than a legitimate objective needs
  Source: WTO Agreement on Technical Barriers to Trade, Article 2.2 ("shall"; addressee: the Member).
  Status: law. Not tested here: necessity itself. What is tested is the record on which necessity can be argued:
  the objective, and the less restrictive measures that were weighed.

  Rule: A control beyond papers names its objective and the lesser measures that were weighed

    Scenario: The examination of toys says why papers would not do
      Given the rule that has toys with small parts examined
      Then it serves human health or safety
      And it says what a documentary check would contribute instead

    Scenario: A rule that weighed nothing is refused
      Given the rule that has toys with small parts examined
      And its record of lesser measures is taken away
      When the knowledge base is checked
      Then it is refused, as a discretionary control above documentary names its objective and alternatives
