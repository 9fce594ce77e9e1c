@SPS-5.7
Feature: Provisional measures have four limbs
  Where scientific evidence is insufficient a Member may act on what is pertinent and at hand; it seeks
  more, and reviews the measure within a reasonable time.

  Rule: Provisional means provisional
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 5.7
    Modal: may, more information shall be sought and the measure reviewed
    Addressee: the Member
    Regime: SPS
    Confidence: law, checked 2026-11-26
    Not tested: whether evidence is insufficient; whether the time is reasonable

    Scenario: All four limbs are on record
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it is provisional, to be reviewed by 2027-05-23
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under SPS-5.7
      And there is no flag under SPS-5.7, as all four limbs are on record

    @caught
    Scenario: A provisional measure that seeks nothing further is flagged
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it is provisional, to be reviewed by 2027-05-23
      And it does not say what further information is sought
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-5.7, as a provisional measure that does not say what is sought

    @caught
    Scenario: A provisional measure that was not reviewed is flagged
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it is provisional, to be reviewed by 2026-11-22
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-5.7, as the review of this provisional measure was due by 2026-11-22

    @caught
    Scenario: And an author is warned
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it is provisional, to be reviewed by 2026-11-22
      When the knowledge base is checked on 2026-11-23
      Then it is warned of, as the review of this provisional measure was due by 2026-11-22

  Rule: A blank is not precaution
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 5.7
    Modal: may, where scientific evidence is insufficient
    Addressee: the Member
    Regime: SPS
    Confidence: law, checked 2026-11-26
    Not tested: nothing further: a blank field says nothing of science

    Scenario: Wood packing that is not declared is no reason to examine
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And a consignment of lathes in raw wood
      And the trader leaves "packed in raw wood" blank
      When the declaration is decided on 2026-11-23
      Then the rule does not apply
      And it is selected by nobody for a physical check

    @caught
    Scenario: A rule that acts on the blank is flagged
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it acts where "packed in raw wood" is left blank
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-5.7, as it acts on a blank field, which is no lack of scientific evidence
