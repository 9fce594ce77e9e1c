@TFA-7.7
Feature: Authorised operators have an easier way
  Operators that meet published criteria have fewer documents and inspections, and rapid release. This is
  about customs: it is no evidence that a product is safe.

  Rule: An authorised operator meets less customs control
    Source: WTO Agreement on Trade Facilitation, Article 7.7.3
    Modal: shall, some of the measures named
    Addressee: the Member, for customs
    Regime: customs
    Confidence: to-confirm, checked 2026-11-26
    Not tested: how operators are authorised; priority in the queue

    Scenario: Cheap shirts of an authorised operator are not asked about
      Given a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is an authorised operator
      When the declaration is decided on 2026-11-23
      Then customs does not select it for a documentary check

    Scenario: Those of another importer are
      Given a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      Then customs selects it for a documentary check

    Scenario: Whatever is declared, being authorised never brings more control
      Given the rules as they are
      Then in every possible declaration authorised operators are not controlled more

    @caught
    Scenario: Without that exemption an authorised operator is asked as anybody
      Given the rule "Garments of a very low value per kilogram are likelier to be undervalued"
      And it exempts nobody
      And a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is an authorised operator
      When the declaration is decided on 2026-11-23
      Then customs selects it for a documentary check

  Rule: Being authorised counts in what customs choose, and nowhere else
    Source: WTO Agreement on Trade Facilitation, Article 7.7
    Modal: shall
    Addressee: the Member, for customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: the criteria of authorisation

    Scenario: The rule on the value of garments lets it count
      Given the rule "Garments of a very low value per kilogram are likelier to be undervalued"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TFA-7.7

    @caught
    Scenario: A rule on the safety of toys that lets it count is flagged
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it spares authorised operators
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.7, as it changes what another agency than customs assesses or controls

  Rule: Being authorised changes no danger, and no control by another agency
    Source: Delegated Regulation (EU) 2015/2446, Article 25; WTO Agreement on Trade Facilitation, Article
      7.7
    Modal: shall
    Addressee: customs and the other agencies
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: agreements of recognition that cover product safety

    Scenario: A dangerous toy is examined, whoever imports it
      Given a consignment of plush toys with small parts
      And its importer's record is poor
      And a twin of it
      And its importer is an authorised operator
      When both are decided on 2026-11-23
      Then both meet the same controls of market surveillance

    Scenario: Plants are checked, whoever imports them
      Given a consignment of cut roses from Kenya
      And a twin of it
      And its importer is an authorised operator
      When both are decided on 2026-11-23
      Then both meet the same controls of plant health

    @caught
    Scenario: A rule on safety that spares authorised operators is caught by its twins
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it spares authorised operators
      And a consignment of plush toys with small parts
      And its importer's record is poor
      And a twin of it
      And its importer is an authorised operator
      When both are decided on 2026-11-23
      Then the two meet other controls of market surveillance
