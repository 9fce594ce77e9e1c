@TFA-5.1
Feature: Alerts on food and feed rest on risk, end in time, and are published
  A Member that has its authorities intensify controls on food and feed may do so by risk and only where
  it matters, and ends this when the cause is gone.

  @TFA-5.1.a
  Rule: An alert may name goods, origin and frequency, by risk
    Source: WTO Agreement on Trade Facilitation, Article 5.1(a)
    Modal: may, based on risk
    Addressee: the Member, for controls on food, beverages and feed
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the listed frequency is the right one

    Scenario: Sesame seeds from Nigeria are examined as often as the list says
      Given a consignment of sesame from Nigeria
      When the declaration is decided on 2026-11-23
      Then law has food and feed safety make a physical check of 50 % of such consignments

    Scenario: Sesame seeds of an origin that is not listed are not
      Given a consignment of sesame from Nigeria
      And a twin of it
      And its origin is Peru
      When both are decided on 2026-11-23
      Then the two meet other controls of food and feed safety

    @caught
    Scenario: An alert that no law prescribes has to look at the risk
      Given the rule "food/increased-controls#C079"
      And it is made a matter of discretion
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control must depend on the risk

  @TFA-5.1.c
  Rule: An alert ends when its cause does
    Source: WTO Agreement on Trade Facilitation, Article 5.1(c)
    Modal: shall, promptly
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the circumstances have ceased: what is tested is the end or review on record

    Scenario: Goods dispatched after the end of the list are not decided by it
      Given the rule "food/increased-controls#C079"
      And it ends on 2026-11-01
      And a consignment of sesame from Nigeria
      And it was dispatched on 2026-11-02
      When the declaration is decided on 2026-11-23
      Then the rule does not apply

    Scenario: Goods dispatched on its last day still are
      Given the rule "food/increased-controls#C079"
      And it ends on 2026-11-01
      And a consignment of sesame from Nigeria
      And it was dispatched on 2026-10-31
      When the declaration is decided on 2026-11-23
      Then the rule applies

    @caught
    Scenario: A list that was not reviewed in time is warned of
      Given the rule "food/increased-controls#C079"
      And its review is due by 2026-11-22
      When the knowledge base is checked on 2026-11-23
      Then it is warned of, as the review was due by 2026-11-22

    @caught
    Scenario: And it is flagged for as long as it applies
      Given the rule "food/increased-controls#C079"
      And its review is due by 2026-11-22
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under SPS-2.2, as the review was due by 2026-11-22

  @TFA-5.1.d
  Rule: An alert, and what it holds goods by, is published
    Source: WTO Agreement on Trade Facilitation, Article 5.1(d)
    Modal: shall
    Addressee: the Member
    Regime: SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the exporting Member was informed

    Scenario: Whoever is held can read the rule
      Given the rule "food/entry-document#C079"
      When the rule is published on 2026-11-23
      Then anybody may read the rule
      And every rule that holds or refuses goods may be read by anybody

    @caught
    Scenario: A hold by a rule that traders may not read is warned of
      Given the rule "food/entry-document#C079"
      And it is closed to the public
      When the rule is published on 2026-11-23
      Then it is warned of, as those whom it binds may not read it
