@WP6-V
Feature: Product regulators and customs manage the risk of non-compliance together
  Agencies measure by the same two questions, how dangerous a product that does not comply is and how
  probable that is, and act on the joint answer.

  Rule: One level for all agencies, from danger and likelihood
    Source: UNECE Working Party 6, Recommendation V (2021, year to be confirmed)
    Modal: should
    Addressee: product regulators and customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: the values of the shared tables, which are illustrative but for one cell

    Scenario: A toy's danger and its importer's record make one level for everybody
      Given a consignment of plush toys with small parts
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then a danger of choking is found
      And the risk level is serious

    Scenario: The same danger with a good record makes a lesser level
      Given a consignment of plush toys with small parts
      And its importer's record is good
      When the declaration is decided on 2026-11-23
      Then the risk level is medium

    @caught
    Scenario: A control that goes by its own risk and not by the joint level is refused
      Given the rule "Examine toys with small parts for children under three when the risk is high"
      And it no longer looks at the risk level
      When the knowledge base is checked on 2026-11-23
      Then it is refused, as a discretionary control must depend on the risk

  Rule: Agencies answer the two questions for each kind of goods
    Source: UNECE Working Party 6, Recommendation V
    Modal: should
    Addressee: product regulators and customs
    Regime: all
    Confidence: illustrative, checked 2026-11-26
    Not tested: whether danger and likelihood are estimated well: severities, probabilities and bands are
      illustrative

    Scenario Outline: <what> are of <level> risk
      Given a consignment of <goods>
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then a danger of <hazard> is found
      And the risk level is <level>
      And no control is flagged as above the ladder

      Examples:
        | what                              | goods                    | hazard             | level   |
        | Power banks without a declaration | power bank, undeclared   | fire               | serious |
        | Gloves against grave risks        | gloves, mixed            | failure to protect | serious |
        | Jewellery with lead               | lead jewellery           | heavy metals       | high    |
        | Brake pads with asbestos          | brake pads with asbestos | asbestos fibres    | serious |
        | Chargers without CE marking       | USB charger, unmarked    | electric shock     | serious |
        | Oxidative hair dyes               | hair dye                 | skin sensitisation | medium  |
        | Lathes on raw wood                | lathes in raw wood       | plant pest         | high    |

    Scenario Outline: A toy with <feature> has its own danger
      Given a consignment of plush toys with small parts
      And under "<fact>" the trader declares <value>
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then the rule "<rule>" applies

      Examples:
        | feature      | fact           | value  | rule                                                          |
        | a long cord  | length of cord | 400 mm | Long cords of toys for children under three can strangle them |
        | a loud voice | sound pressure | 130 dB | Loud toys can harm a child’s hearing                          |

    Scenario: A toy car above 24 volts has its own danger
      Given a consignment of radio toys, unmarked
      And under "rated voltage" the trader declares 30 V
      And under "alternating current" the trader declares no
      When the declaration is decided on 2026-11-23
      Then the rule "Toys above 24 V can give a shock" applies
      And the rule "Toys declared with more than 24 V are likely not in conformity" applies

    Scenario: A toy with button cells within reach is examined
      Given a consignment of plush toys with small parts
      And under "components" the trader declares button cell
      And under "battery within reach" the trader declares yes
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then the rule "Button cells that a child can take out burn the gullet once swallowed" applies
      And the rule "Examine toys with button cells within reach when the risk is high" applies

    Scenario: Law that applied until 2027 decides goods of 2026
      Given a consignment of chainsaw, partly completed
      When the declaration is decided on 2026-11-23
      Then the rule "products/machinery/chainsaws" applies
      And the rule "products/machinery/partly-completed" applies

    Scenario: Law that applies from 2027 decides goods of 2027
      Given a consignment of chainsaw, partly completed
      And it is accepted on 2027-02-01
      When the declaration is decided on 2027-02-01
      Then the rule "products/machinery/chainsaws-2027" applies

    @caught
    Scenario: A likelihood whose danger nobody has assessed makes no risk, and is reported
      Given the rule "A wrong value of garments costs revenue and fair trade"
      And it ends on 2026-11-01
      And a consignment of cotton T-shirts
      And its value is 2 euro a kilogram
      And its importer is no authorised operator
      When the declaration is decided on 2026-11-23
      Then the risk level is low
      And a likelihood without a danger is reported

    Scenario: A defective refrigerator that comes as goods for use is asked for its papers
      Given a consignment of refrigerator, high GWP
      And under "condition" the trader declares defective
      When the declaration is decided on 2026-11-23
      Then the rule "Ask for the repair papers of defective electrical goods when the risk is not low" applies
      And the rule "Ask for the quota papers of charged cooling equipment when the risk is not low" applies

    Scenario: A finding of an officer suspends release, whatever the risk
      Given a consignment of hair dye
      And under "cause for concern" the agencies have yes on record
      And under "documents found missing" the agencies have yes on record
      And under "marking found false" the agencies have yes on record
      When the declaration is decided on 2026-11-23
      Then the rule "Suspend release where a control gives another cause for concern" applies
      And it is held by customs

    @caught
    Scenario: Soap of which only the heading is known has none, and nobody is asked
      Given goods of which nothing is known
      And it is accepted on 2026-11-23
      And under "commodity code" the trader declares 3401
      Then they show that not always nothing falls between agencies

    @caught @flag
    Scenario: However little is declared, somebody answers or is asked
      Given the rules as they are
      Then it is a known flag, as discretionary rules that pass over what is unknown leave a level open without a question, that not always nothing falls between agencies

  Rule: Agencies that intervene do so together
    Source: UNECE Working Party 6, Recommendation V; Regulation (EU) No 952/2013, Article 47(1)
    Modal: should
    Addressee: product regulators and customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: that the agencies come at that hour

    Scenario: Five agencies, one visit, all tasks
      Given a consignment of festival goods from Nigeria
      When the declaration is decided on 2026-11-23
      Then one order brings 5 agencies to the goods, led by market surveillance

    @caught
    Scenario: One agency's refusal never cancels another's task
      Given a consignment of plush toys with small parts
      When the declaration is decided on 2026-11-23
      And customs refuses the goods: "The origin is false."
      Then it may not enter
      And market surveillance selects it for a physical check

  Rule: Results at the border feed the risk
    Source: UNECE Working Party 6, Recommendation V
    Modal: should
    Addressee: product regulators and customs
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: how outcomes are collected; that they are representative

    Scenario: Outcomes make a poor record, and the poor record a higher level
      Given a consignment of hair dye
      And its importer's record is good
      And a twin of it
      And its importer's record is poor
      When both are decided on 2026-11-23
      Then the two meet other controls of market surveillance
      And the risk level is medium

    @caught
    Scenario: No trader can state its own record
      Given a consignment of hair dye
      And under "non-compliant share" the trader itself states 0
      When the declaration is sent on 2026-11-23
      Then it is turned away, as is looked up, not declared
