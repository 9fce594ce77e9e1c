@TBT-5.7
Feature: Urgent procedures may leave steps out, and are looked at again
  Where urgent problems of safety, health, environment or security arise, steps of announcement may be
  left out; they are made up for afterwards.

  Rule: An urgent procedure says what is urgent and ends or is reviewed
    Source: WTO Agreement on Technical Barriers to Trade, Article 5.7
    Modal: may, if urgent problems arise or threaten
    Addressee: the Member, for its central government bodies
    Regime: TBT-conformity
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the matter is urgent; that notice is given at once (5.7.1)

    Scenario: An examination set in for half a year ends by itself
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it ends on 2027-05-23
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TFA-10.1.1
      And its record says why it applies and when it is looked at again

    @caught
    Scenario: An urgent examination with neither end nor review has an insufficient record
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it has neither an end nor a review
      When the safeguards look at the rules on 2026-11-23
      Then the record is insufficient under TFA-10.1.1, as nothing says when it ends or is looked at again
