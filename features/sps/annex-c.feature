@SPS-C.1
Feature: Control, inspection and approval procedures
  Procedures are completed without undue delay and no less favourably for imports; they ask for no more
  than is needed, and there is a way to complain.

  @SPS-C.1.a
  Rule: No undue delay, and imports no less favourably
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Annex C, paragraph
      1(a)
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: how long procedures take

    Scenario: Goods with all their papers proceed
      Given a consignment of sesame from Nigeria, verified
      When the declaration is decided on 2026-11-23
      Then it may proceed

    Scenario: Poultry whose entry document is final is not held
      Given a consignment of poultry meat from Brazil
      When the declaration is decided on 2026-11-23
      Then nothing is held

    Scenario: Fish caught at sea waits for its catch certificate
      Given a consignment of grocer Thailand
      And its goods item 2 alone
      And under "caught at sea" the trader declares yes
      And under "under intensified checks" the agencies have yes on record
      When the declaration is decided on 2026-11-23
      Then the rule "Hold fish caught at sea until its catch certificate is verified" applies
      And the rule "Check physically every consignment of an establishment under intensified checks" applies
      And it is held until its catch certificate is verified

    @caught
    Scenario: Goods whose document is not final wait, and the trader is told for what
      Given a consignment of day-old chicks from the United Kingdom
      When the declaration is decided on 2026-11-23
      Then it is held until its CHED-A is verified
      And the trader is told of each act its law, its reason, its remedy and where to appeal

  @SPS-C.1.b
  Rule: The trader is told what is missing and what to do
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Annex C, paragraph
      1(b)
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that processing periods are published

    Scenario: Citrus without its certificate
      Given a consignment of citrus from Egypt and South Africa
      And its goods item 2 alone
      When the declaration is decided on 2026-11-23
      Then it is held until its phytosanitary certificate is verified
      And the trader is told that plant health keeps the goods

    @caught
    Scenario: A hold that says neither why nor what would lift it is flagged
      Given the rule "Hold plants until their phytosanitary certificate is verified"
      And it tells the trader neither reason nor remedy
      And a consignment of citrus from Egypt and South Africa
      And its goods item 2 alone
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TFA-4.1, as its hold or refusal does not say why nor what would lift it

  @SPS-C.1.c
  Rule: Information is limited to what is needed
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Annex C, paragraph
      1(c)
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: what agencies ask for outside the system

    Scenario: Where roses grew is asked for once, and only that
      Given a consignment of cut roses from Kenya
      And the trader leaves "country where grown" blank
      When the declaration is decided on 2026-11-23
      Then the trader is asked for "country where grown"
      And whatever is asked for is asked for once, with reason, day and consequence

    @caught
    Scenario: A control that lacks what it needs imposes nothing meanwhile
      Given the rule "plants/rates#P11"
      And a consignment of cut roses from Kenya
      And the trader leaves "country where grown" blank
      When the declaration is decided on 2026-11-23
      Then the rule is left open, and imposes nothing

  @SPS-C.1.i
  Rule: There is a way to complain
    Source: WTO Agreement on the Application of Sanitary and Phytosanitary Measures, Annex C, paragraph
      1(i)
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that a complaint is reviewed and corrected

    Scenario: A refusal names the appeal body and its time limit
      Given a consignment of dried beans from Nigeria
      When the declaration is decided on 2026-11-23
      Then it may not enter
      And the trader is told of each act its law, its reason, its remedy and where to appeal

    @caught
    Scenario: The appeal body is still to be confirmed, and the record says so
      Given a consignment of dried beans from Nigeria
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then the record is insufficient under TFA-4.1, as a lawyer has yet to confirm where to appeal
