@TFA-7.4.3
Feature: Control concentrates on high risk and speeds up low risk
  Customs control goes, as far as it can, where the risk is high, and goods of low risk are released
  quickly. Part of them may still be drawn at random.

  Rule: Low-risk goods are released, unless drawn at random at the declared share
    Source: WTO Agreement on Trade Facilitation, Article 7.4.3
    Modal: shall, to the extent possible
    Addressee: the Member, for customs control; here every agency at the border
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether the levels themselves are the right ones

    Scenario: Cotton shirts of an ordinary value go straight through
      Given a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      Then the risk level is low
      And only a declared random selection could stop it
      And nothing is held

    Scenario: Of shirts in a thousand consignments one in a hundred is stopped, by the lot
      Given 1,000 consignments, in turn of cotton T-shirts
      When each of them is decided on 2026-11-23
      Then of the goods of low risk only a random share is stopped, declared as 1 %
      And all goods of low risk that are not drawn go through

    Scenario: Whatever is declared, low risk is released
      Given the rules as they are
      Then in every possible declaration low risk is released

    @caught
    Scenario: A look at low-risk goods that no law asks for is flagged
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it is made to impose an identity check on 100 % of consignments
      And it applies from low risk
      And a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then it is flagged under TFA-7.4.3, as the risk is low, no law and no declared draw asks for it

    @caught
    Scenario: With such a look, some declaration of low risk is not released
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And it is made to impose an identity check on 100 % of consignments
      And it applies from low risk
      Then in some possible declaration it is not so that low risk is released

  Rule: Officials follow risk
    Source: WTO Agreement on Trade Facilitation, Article 7.4.3
    Modal: shall, to the extent possible
    Addressee: the Member, for customs control; here every agency at the border
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: that officers do what the system selects

    Scenario: Of a thousand consignments, the more dangerous are looked at more
      Given 1,000 consignments, in turn of cotton T-shirts; hair dye; lead jewellery; plush toys with small parts
      When each of them is decided on 2026-11-23
      Then the most intense control of a consignment rises with the risk level
      And the share that is examined by discretion rises with the risk level
      And of the goods of low risk only a random share is stopped, declared as 1 %
      And all goods of low risk that are not drawn go through

    Scenario: Whatever is declared, more risk never means less control
      Given the rules as they are
      Then in every possible declaration control never falls as risk rises

    Scenario: A toy with small parts from an importer with a poor record is examined
      Given a consignment of plush toys with small parts
      And under "intended age" the trader declares 18 months
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then the risk level is serious
      And market surveillance selects it for a physical check

    @caught
    Scenario: A random draw that looks at the risk is refused
      Given the rule "Check the identity of one consignment in a hundred, drawn at random"
      And it applies from high risk
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a random selection tests no risk

  Rule: A legal minimum is not called risk
    Source: WTO Agreement on Trade Facilitation, Article 7.4.3
    Modal: shall, to the extent possible
    Addressee: the Member, for customs control; here every agency at the border
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether the minimum that law prescribes is itself in proportion

    Scenario: Sesame of low risk is examined because law says so, and is tagged so
      Given a consignment of sesame from Nigeria
      When the declaration is decided on 2026-11-23
      Then the risk level is low
      And law has food and feed safety make a physical check of 50 % of such consignments
      And what law prescribes above the ladder is reported, and not flagged

    Scenario: Goods that are not drawn still wait for their document
      Given a consignment of citrus from Egypt and South Africa
      And its goods item 1 alone
      When the declaration is decided on 2026-11-23
      Then food and feed safety does not select it for a physical check
      And it is held until its CHED-D is verified

    @caught
    Scenario: A legal minimum without its law would be a control that follows no risk
      Given the rule "plants/entry-checks"
      And it is made a matter of discretion
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control must depend on the risk

  Rule: What is drawn at random is drawn once
    Source: WTO Agreement on Trade Facilitation, Article 7.4.3
    Modal: may
    Addressee: the Member, for customs control; here every agency at the border
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: that the key of the draw is kept secret until its day is over; others can check the draw
      by the log

    Scenario: Resubmission buys no new draw
      Given a consignment of cotton T-shirts
      And the same goods are declared anew
      When both are decided on 2026-11-23
      Then both have the same draw

    Scenario: Other goods have a draw of their own
      Given a consignment of cotton T-shirts
      And the same goods are declared anew
      And they come under another transport document
      When both are decided on 2026-11-23
      Then the two have draws of their own

    @caught
    Scenario: An amendment does not buy back what was notified
      Given a consignment of plush toys with small parts
      When the declaration is decided on 2026-11-23
      And the trader amends "small parts" to no
      And the amended declaration is decided on 2026-11-23
      Then what was notified before still stands

    Scenario: Agencies share the draw, so that two shares do not add up
      Given a consignment of citrus from Egypt and South Africa
      When the declaration is decided on 2026-11-23
      Then all agencies draw by one number
