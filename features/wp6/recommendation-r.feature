@WP6-R
Feature: Risk management in regulatory frameworks
  A regulation is made along the steps of risk management: objective, assets, risks, their evaluation and
  treatment, implementation, a plan for crises, and review.

  Rule: A regulation has a dossier along the steps
    Source: UNECE Working Party 6, Recommendation R (2011, year to be confirmed)
    Modal: should
    Addressee: regulators, in agreement with their stakeholders
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: whether the choices in a dossier are good

    Scenario: Toy safety has its dossier
      Given the dossier on toys
      Then it names an objective and what is protected
      And each of its risks is evaluated by the shared matrix
      And each of its risks is treated, and treatments that were rejected are on record
      And the dossier is not overdue on 2026-11-23
      And it names a plan for crises, and by when and whom it is reviewed

    @caught
    Scenario: A risk that is evaluated otherwise than by the matrix is found
      Given the dossier on toys
      And its first risk is evaluated as low
      Then the risk of choking is found to be evaluated otherwise than by the shared matrix

    @caught
    Scenario: A dossier that shows only what was chosen is found
      Given the dossier on toys
      And no treatment was rejected for it
      Then it is found that only what was chosen is on record

    @caught
    Scenario: A dossier whose review is overdue is found
      Given the dossier on toys
      And the dossier is to be reviewed by 2026-11-22
      Then the dossier is found to be overdue on 2026-11-23

  Rule: Dangers are identified by what the goods are
    Source: UNECE Working Party 6, Recommendation R
    Modal: should
    Addressee: regulators, in agreement with their stakeholders
    Regime: all
    Confidence: illustrative, checked 2026-11-26
    Not tested: whether every danger was identified, and how grave it is

    Scenario Outline: <goods>: <danger> is identified
      Given a consignment of cotton T-shirts
      And the goods are <goods>, under commodity code <code>
      And under "product" the trader declares <product>
      When the declaration is decided on 2026-11-23
      Then the rule "<rule>" applies

      Examples:
        | goods                      | code    | product                                            | danger         | rule                                                              |
        | Jackets of dyed leather    | 4203 10 | article with azo dyes                              | cancer         | Dyes that free aromatic amines may cause cancer                   |
        | Ear rings                  | 7117 19 | article with nickel against the skin               | allergy        | Nickel against the skin makes people allergic                     |
        | Boxes of plastic           | 3926 90 | article with a persistent pollutant                | pollution      | Pollutants that do not break down build up in living things       |
        | Candles like fruit         | 3406 00 | product that looks like food                       | choking        | Products that look like food choke children                       |
        | Jackets for small children | 6110 20 | garment with a cord at the neck for young children | strangulation  | Cords at the neck of small children’s garments can strangle them  |
        | Tanks of plastic           | 3925 10 | construction product                               | fire           | Construction products that burn other than declared spread fire   |
        | Skin cream                 | 3304 99 | skin lightener with hydroquinone or mercury        | skin bleaching | Hydroquinone and mercury in skin lighteners harm skin and kidneys |
        | Travel adapters            | 8536 69 | plug adapter                                       | electric shock | Adapters whose pins can be touched give a shock                   |
        | Fan heaters                | 8516 29 | mains heating appliance                            | fire           | Mains heating appliances that overheat start fires                |
        | Laser pointers             | 9013 20 | laser product                                      | blindness      | Laser pointers and toys whose beam is too strong blind the eye    |
        | Chainsaws                  | 8467 81 | chainsaw                                           | cutting        | Chainsaws that kick back or run on cut deep                       |
        | Gas bottles                | 7311 00 | pressure equipment                                 | bursting       | Pressure vessels that burst kill                                  |
        | Air conditioners           | 8415 10 | equipment with ozone-depleting substances          | loss of ozone  | Gas that harms the ozone layer lets harmful rays through          |
        | Bath books                 | 9503 00 | soft plastic article for children                  | phthalates     | Soft plastic that children suck may give off phthalates           |

    @caught
    Scenario: A danger that is left out leaves its likelihood alone, and this is reported
      Given the rule "Small parts of toys for children under three can choke them"
      And it ends on 2026-11-01
      And a consignment of plush toys with small parts
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then a likelihood without a danger is reported

  Rule: Risks are accepted where they are low, and reduced where they are not
    Source: UNECE Working Party 6, Recommendation R
    Modal: should
    Addressee: regulators, in agreement with their stakeholders
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: what is tolerable

    Scenario: Low-risk goods are let through, the rest of the risk being accepted
      Given a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      Then the risk level is low
      And nothing is held

    Scenario: A serious risk is treated
      Given a consignment of brake pads with asbestos
      When the declaration is decided on 2026-11-23
      Then the risk level is serious
      And market surveillance selects it for sampling and testing

    @caught
    Scenario: A treatment beyond the risk is flagged
      Given the rule "Check the papers of oxidative hair dyes when the risk is not low"
      And it is made to impose sampling and testing on 100 % of consignments
      When the safeguards look at the rules on 2026-11-23
      Then the rule is flagged under TBT-5.1.2, as it can apply at medium risk, and is above what the ladder gives that level

  Rule: Requirements are reviewed
    Source: UNECE Working Party 6, Recommendation R
    Modal: should
    Addressee: regulators, in agreement with their stakeholders
    Regime: all
    Confidence: to-confirm, checked 2026-11-26
    Not tested: what a review finds

    Scenario: No rule of this knowledge base is overdue
      When the knowledge base is checked on 2026-11-23
      Then nothing is refused
      And no review is overdue

    @caught
    Scenario: Two years on, reviews are overdue
      When the knowledge base is checked on 2028-11-23
      Then it is warned of, as the review was due by 2028-01-01
