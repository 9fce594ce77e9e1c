@TFA-7.4.4
Feature: Risk is assessed by suitable criteria
  Risk is assessed by suitable criteria; code, description, origin, country shipped from, value, record of
  the trader and means of transport are among them.

  Rule: Each test says which criterion it uses
    Source: WTO Agreement on Trade Facilitation, Article 7.4.4
    Modal: shall, by appropriate criteria that may include the seven named
    Addressee: the Member
    Regime: all
    Confidence: law, checked 2026-11-26
    Not tested: whether a criterion is suitable for the goods

    Scenario: A rule on cheap garments says that it looks at code and value
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      When the safeguards look at the rules on 2026-11-23
      Then it looks at the commodity code
      And it looks at the value per kilogram
      And the rule is not flagged under TFA-7.4.4

    @caught
    Scenario: A rule that names no criterion is refused
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And its tests do not say which criterion they use
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as this test does not say which criterion of TFA 7.4.4 it uses

    @caught
    Scenario: A likelihood that rests on origin alone, with no evidence, is flagged
      Given the rule "Garments of a very low value per kilogram are likelier to be undervalued"
      And it selects by the origin Bangladesh alone
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TFA-7.4.4, as it selects by origin alone, and cites no evidence

  Rule: The seven criteria that the article names are in use
    Source: WTO Agreement on Trade Facilitation, Article 7.4.4
    Modal: may, be among them
    Addressee: the Member
    Regime: customs
    Confidence: law, checked 2026-11-26
    Not tested: whether more criteria are needed; restricted criteria are shown here to show that they are
      there

    Scenario: Code: parts that are easily declared under another one
      Given a consignment of cotton T-shirts
      And the goods are tuner boards for television sets, under commodity code 8529 90
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      Then the rule "customs/neighbours" applies

    Scenario: Nature and description: a description that names no goods
      Given a consignment of cotton T-shirts
      And the goods are parts, under commodity code 8529 90
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then the rule "A description that names no goods makes a wrong code likelier" applies
      And the rule "Ask what the goods are where their description does not say it" applies

    Scenario: Origin: bicycles of a place of transhipment, on a first import
      Given a consignment of cotton T-shirts
      And the goods are bicycles, under commodity code 8712 00
      And its origin is Cambodia
      And under "first import" the agencies have yes on record
      When the declaration is decided on 2026-11-23
      Then the rule "Goods of a place of transhipment are likelier to have a false origin on a first import" applies

    Scenario: Origin: a preference for goods that were sent through another country
      Given a consignment of cotton T-shirts
      And the goods are bicycles, under commodity code 8712 00
      And its origin is Bangladesh
      And under "country shipped from" the trader declares Singapore
      And under "preference claimed" the trader declares yes
      When the declaration is decided on 2026-11-23
      Then the rule "A preference for a least developed country is likelier to be false for goods sent through others" applies

    Scenario: Country shipped from: bicycles of Cambodia that come from China
      Given a consignment of cotton T-shirts
      And the goods are bicycles, under commodity code 8712 00
      And its origin is Cambodia
      And under "country shipped from" the trader declares China
      When the declaration is decided on 2026-11-23
      Then the rule "Goods shipped from China under another origin are likelier to have a false one" applies
      And the rule "Ask for proof of origin of goods under trade defence when the risk is not low" applies

    Scenario: Value: shirts at two euro a kilogram
      Given a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      Then the rule "Garments of a very low value per kilogram are likelier to be undervalued" applies
      And customs selects it for a documentary check

    Scenario: Record: goods that are easily mixed up, of an importer with a poor record
      Given a consignment of cotton T-shirts
      And the goods are tuner boards for television sets, under commodity code 8529 90
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then the rule "Goods of an importer with a poor record are likelier to bear a wrong code" applies

    Scenario: Transport: perfume in a small parcel by post
      Given a consignment of cotton T-shirts
      And the goods are perfume, under commodity code 3303 00
      And under "value" the trader declares 90 EUR
      And under "mode of transport" the trader declares post
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      Then the rule "High-duty goods in small parcels by air or post are likelier to be undervalued" applies

    Scenario: Another criterion, with its reason: much of one kind, declared as private
      Given a consignment of cotton T-shirts
      And under "for private use" the trader declares yes
      When the declaration is decided on 2026-11-23
      Then the rule "Many goods of one kind, declared as private, are likelier to be for trade and undervalued" applies

    @caught
    Scenario: A proof of origin that was verified is not asked for again
      Given the rule "Ask for proof of origin of goods under trade defence when the risk is not low"
      And a consignment of cotton T-shirts
      And the goods are bicycles, under commodity code 8712 00
      And its origin is Cambodia
      And under "country shipped from" the trader declares China
      And its certificate of origin is verified
      When the declaration is decided on 2026-11-23
      Then the rule is lifted by what the trader has shown

  Rule: Numbers say where they come from
    Source: WTO Agreement on Trade Facilitation, Article 7.4.4
    Modal: shall
    Addressee: the Member
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the numbers are right: those of this project are illustrative

    Scenario: Numbers for demonstration are an insufficient record, and not a flag
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      When the safeguards look at the rules on 2026-11-23
      Then the rule is not flagged under TFA-7.4.4
      And the record is insufficient under TFA-7.4.4, as numbers of it are illustrative

    @caught
    Scenario: Numbers without a source are refused
      Given the rule "Ask for the papers on the value of cheap garments when the risk is not low"
      And nothing says where its numbers come from
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as nothing says where the numbers of this consequence come from
