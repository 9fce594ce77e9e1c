@TFA-10.1
Feature: Formalities are kept to what is needed
  Formalities and documents are reviewed, chosen to be the least restrictive of what is reasonably
  available, and dropped when no longer needed.

  Rule: The least restrictive measure that does the work is chosen
    Source: WTO Agreement on Trade Facilitation, Article 10.1.1(c)
    Modal: shall
    Addressee: the Member
    Regime: customs, other
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the record of what a measure contributes is true

    Scenario: The look at goods whose code is doubted says why an audit would not do
      Given the rule "Look at goods whose code is doubted when the risk is high"
      When the safeguards look at the rules on 2026-11-23
      Then it says what a post-clearance audit would contribute instead
      And the rule is not flagged under TFA-10.1.1

    @caught
    Scenario: A lesser measure that does as much is on record, and the control is flagged
      Given the rule "Look at goods whose code is doubted when the risk is high"
      And its record says that a post-clearance audit would contribute as much
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-10.1.1, as post-clearance audit is lesser, to be had, and does as much

  Rule: A formality is dropped when it is not needed any more
    Source: WTO Agreement on Trade Facilitation, Article 10.1.1(d)
    Modal: shall
    Addressee: the Member
    Regime: customs, other, TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the need has gone: what is tested is the review

    Scenario: A rule that is to be looked at again on a day to come
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TFA-10.1.1

    @caught
    Scenario: A rule whose review is overdue is flagged
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And its review is due by 2026-11-23
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-10.1.1, as the review was due by 2026-11-23

    @caught
    Scenario: A rule that nobody has to look at again is an insufficient record
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it has neither an end nor a review
      When the safeguards look at the rules on 2026-11-23
      Then the record is insufficient under TFA-10.1.1, as nothing says when it ends or is looked at again
