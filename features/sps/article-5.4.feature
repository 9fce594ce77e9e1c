@SPS-5.4
Feature: Negative effects on trade are kept small
  When the appropriate level of protection is set, the aim of keeping negative effects on trade small is
  taken into account.

  Rule: Lesser measures are weighed before goods are stopped
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Article 5.4
    Modal: should
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: the appropriate level of protection itself: the system takes it as given

    Scenario: Plants without pests to fear meet what law asks and nothing by discretion
      Given a consignment of cut roses from Kenya
      When the declaration is decided on 2026-11-23
      Then the risk level is low
      And what law prescribes above the ladder is reported, and not flagged
      And nothing is held

    Scenario: The examination of wood packing says why papers would not do
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      Then it serves animal or plant life or health
      And it says what a documentary check would contribute instead

    @caught
    Scenario: Without its record of lesser measures it is refused
      Given the rule "Examine raw wood packing of stone and heavy machines when the risk is high"
      And its record of lesser measures is taken away
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control above documentary names its objective and alternatives
