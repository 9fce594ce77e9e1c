@TFA-8.1
Feature: Agencies at the border cooperate
  Authorities at the border work together and coordinate what they do, so that trade is facilitated.

  Rule: One visit, all tasks
    Source: WTO Agreement on Trade Facilitation, Article 8.1; Regulation (EU) No 952/2013, Article 47(1)
    Modal: endeavour, same time and same place
    Addressee: the authorities and agencies at the border
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that the agencies come at that hour; cooperation with neighbours (8.2)

    Scenario: Four agencies come once to one container
      Given a consignment of a mixed container from Türkiye
      When the declaration is decided on 2026-11-23
      Then one order brings 4 agencies to the goods, led by market surveillance

    Scenario: The order is looked at, and holds every task
      Given a consignment of festival goods from Nigeria
      When the declaration is decided on 2026-11-23
      And the safeguards look at the decision
      Then there is no flag under WP6-V, as by one order

    @caught
    Scenario: A task that is set in for a further agency joins the visit and makes no second one
      Given a consignment of plush toys with small parts
      When the declaration is decided on 2026-11-23
      And customs adds an identity check: "The bell is to be looked at."
      Then one order brings 2 agencies to the goods, led by market surveillance

  Rule: Shares of agencies do not add up
    Source: Commensura, design of the draw; WTO Agreement on Trade Facilitation, Article 8.1
    Modal: should
    Addressee: the agencies that draw
    Regime: all
    Confidence: illustrative, checked 2026-11-26
    Not tested: that agencies outside the system draw by the same number

    Scenario: Fruit that two agencies may examine is drawn once
      Given a consignment of citrus from Egypt and South Africa
      When the declaration is decided on 2026-11-23
      Then all agencies draw by one number

    @caught
    Scenario: Goods under another document are drawn anew, and it shows
      Given a consignment of citrus from Egypt and South Africa
      And the same goods are declared anew
      And they come under another transport document
      When both are decided on 2026-11-23
      Then the two have draws of their own
