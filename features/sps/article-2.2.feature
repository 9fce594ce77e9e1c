@SPS-2.2
Feature: Measures rest on science and are applied as far as health needs
  A measure is applied only as far as it protects life or health, rests on scientific principles, and is
  not kept without sufficient evidence.

  Rule: A measure says on what it rests
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 2.2
    Modal: shall, except under Article 5.7
    Addressee: the Member
    Regime: SPS
    Confidence: law, checked 2026-11-26
    Not tested: whether the evidence is sufficient

    Scenario: Listed sesame cites the list that prescribes the checks, which a lawyer has yet to confirm
      Given the rule "food/increased-controls#C079"
      When the safeguards look at the rules on 2026-11-23
      Then its record names 2019/1793
      And the rule is not flagged under SPS-2.2
      And the record is insufficient under SPS-2.2, as law that it cites has yet to be confirmed by a lawyer

    @caught
    Scenario: A likelihood of pests whose numbers nobody accounts for is refused
      Given the rule "Raw wood packing without the mark of treatment is likely to be untreated"
      And nothing says where its numbers come from
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as nothing says where the numbers of this consequence come from

    @caught
    Scenario: And flagged
      Given the rule "Raw wood packing without the mark of treatment is likely to be untreated"
      And nothing says where its numbers come from
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-2.2, as nothing says where the numbers of this consequence come from

  Rule: A measure is not kept without evidence
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 2.2
    Modal: shall, except under Article 5.7
    Addressee: the Member
    Regime: SPS
    Confidence: law, checked 2026-11-26
    Not tested: whether the evidence still stands: what is tested is the review

    Scenario: A list that is reviewed in time
      Given the rule "food/increased-controls#C079"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under SPS-2.2

    @caught
    Scenario: A list whose review is overdue
      Given the rule "food/increased-controls#C079"
      And its review is due by 2026-11-22
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-2.2, as the review was due by 2026-11-22
