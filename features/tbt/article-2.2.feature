@TBT-2.2
Feature: No more trade-restrictive than a legitimate objective needs
  A measure serves a legitimate objective, such as human health or safety, and restricts trade no more
  than that takes, given what would happen without it.

  Rule: A control beyond papers names its objective and the lesser measures that were weighed
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.2
    Modal: shall
    Addressee: the Member, for technical regulations; read here for the controls that enforce them
    Regime: TBT-regulation, TBT-conformity
    Confidence: law, checked 2026-11-26
    Not tested: necessity itself. What is tested is the record on which necessity can be argued

    Scenario: The examination of toys says why papers would not do
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      When the knowledge base is checked on 2026-11-23
      Then it serves human health or safety
      And it says what a documentary check would contribute instead
      And nothing is refused

    @caught
    Scenario: A rule that weighed nothing is refused
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And its record of lesser measures is taken away
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control above documentary names its objective and alternatives

    @caught
    Scenario: A rule that weighed nothing is flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And its record of lesser measures is taken away
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-2.2, as a discretionary control above documentary names its objective and alternatives

  Rule: A lesser alternative that does as much is taken instead
    Source: WTO Agreement on Technical Barriers to Trade, Article 2.2
    Modal: shall
    Addressee: the Member, for its central government bodies
    Regime: TBT-regulation
    Confidence: law, checked 2026-11-26
    Not tested: whether the recorded contribution is true; an alternative that nobody thought of

    Scenario: On the record of the toy rule, papers do less
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TBT-2.2

    Scenario: Whatever is declared, the record knows no lesser alternative that does as much
      Given the rules as they are
      Then in every possible declaration no control is dominated by an alternative on record

    @caught
    Scenario: On a record by which papers do as much, the examination is flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it is read as a technical regulation
      And its record says that a documentary check would contribute as much
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-2.2, as documentary check is lesser, to be had, and does as much
