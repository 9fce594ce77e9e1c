@SPS-5.1
Feature: Measures rest on an assessment of the risk
  Measures rest on an assessment of the risks to life or health, as the circumstances ask for, with
  methods of international organisations taken into account.

  Rule: A discretionary control follows an assessed risk
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 5.1
    Modal: shall, as appropriate to the circumstances
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: the quality of the assessment (5.2, 5.3)

    Scenario: Raw wood packing without its mark is examined, as the danger and the likelihood are assessed
      Given a consignment of lathes in raw wood
      When the declaration is decided on 2026-11-23
      Then a danger of plant pest is found
      And the risk level is high
      And plant health selects it for a physical check

    @caught
    Scenario: Examining wood packing whatever the risk is refused
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And it no longer looks at the risk level
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control must depend on the risk

  Rule: A programme that samples whatever the risk says which programme it is
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 5.1;
      Regulation (EC) No 396/2005, Articles 29 and 30
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the programme rests on an assessment

    Scenario: The sampling plan is named, and draws its declared share
      Given the rule "Sample listed foods for pesticide residues, as the plan for 2026 says"
      When the safeguards look at the rules on 2026-11-23
      Then its record names plan for sampling
      And there is no flag under TFA-7.4.3, as a named programme sets its frequency

    @caught
    Scenario: A plan whose share is made up is refused
      Given the rule "Sample listed foods for pesticide residues, as the plan for 2026 says"
      And its numbers are those of a trial
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as nothing says which programme sets the frequency of this scheme
