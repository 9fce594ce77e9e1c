@TFA-4.1
Feature: Whoever is the subject of a decision can appeal
  Whoever receives an administrative decision from customs can have it reviewed, and is told the reasons
  that this takes.

  Rule: A hold says its reason, its law, and where and until when to appeal
    Source: WTO Agreement on Trade Facilitation, Article 4.1 and 4.5
    Modal: shall
    Addressee: the Member, for customs; read here for every agency that holds or refuses goods
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether a selection for examination, by itself, is a decision that can be appealed;
      whether review is timely

    Scenario: Sesame without its papers is held with reasons
      Given a consignment of sesame from Nigeria
      When the declaration is decided on 2026-11-23
      Then it is held until its CHED-D is verified
      And the trader is told of each act its law, its reason, its remedy and where to appeal

    Scenario: The appeal bodies are still to be confirmed, and the record says so
      Given a consignment of sesame from Nigeria
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then the record is insufficient under TFA-4.1, as a lawyer has yet to confirm where to appeal

    @caught
    Scenario: A hold that does not say why is flagged
      Given the rule "Hold plants until their phytosanitary certificate is verified"
      And it tells the trader neither reason nor remedy
      And a consignment of citrus from Egypt and South Africa
      And its goods item 2 alone
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TFA-4.1, as its hold or refusal does not say why

    @caught
    Scenario: A rule that would leave the trader without a reason is refused
      Given the rule "Hold plants until their phytosanitary certificate is verified"
      And it tells the trader neither reason nor remedy
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as the trader must be told

  Rule: Who appeals need not know how goods are selected
    Source: WTO Agreement on Trade Facilitation, Article 4.1; World Customs Organization, Risk Management
      Compendium
    Modal: may
    Addressee: the Member, for customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: what national law lets a court see

    Scenario: The trader's copy shows no rate, no draw and no test
      Given a consignment of plush toys with small parts
      When the declaration is decided on 2026-11-23
      Then the trader is told nothing of what selects

    @caught
    Scenario: Without a reason of its own, an examination would tell the trader nothing, and is refused
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it tells the trader neither reason nor remedy
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as the trader must be told
