Feature: What holds of every possible declaration
  Source: the articles named at each rule. Status: law; what the words mean here stands in `commensura prove`.
  A scenario decides one declaration; here a solver looks at all of them. What it finds against a rule is decided again
  by both engines. Not tested here: whether levels, ladder and justifications are the right ones.

  @TFA-7.4.3
  Rule: Control concentrates on high risk and speeds up low risk

    Scenario Outline: Whatever is declared
      Given the rules as they are
      Then in every possible declaration <claim>

      Examples:
        | claim                               |
        | low risk is released                |
        | control never falls as risk rises   |

  @TFA-7.4.2 @TBT-2.1
  Rule: Like goods are treated alike

    Scenario: Whoever imports
      Given the rules as they are
      Then in every possible declaration like goods of any trader are treated alike

    Scenario: Carnations from two countries
      Given goods of which is known
        | stage               | accepted   |
        | accepted on         | 2026-11-23 |
        | arrived on          | 2026-11-23 |
        | dispatched on       | 2026-11-23 |
        | commodity code      | 060312     |
        | country where grown | CO         |
      And other goods of which is known
        | stage               | accepted   |
        | accepted on         | 2026-11-23 |
        | arrived on          | 2026-11-23 |
        | dispatched on       | 2026-11-23 |
        | commodity code      | 060312     |
        | country where grown | AD         |
      Then they show that not always like goods of any origin are treated alike

    Scenario: Wherever goods come from
      Given the rules as they are
      Then it is a known flag, as the rates of Regulation (EU) 2022/2389 by origin have no end or review date on record, that not always like goods of any origin are treated alike

  @TBT-5.1.2 @TBT-2.2 @SPS-5.6
  Rule: No control is more than is needed

    Scenario Outline: Whatever the risk
      Given the rules as they are
      Then in every possible declaration <claim>

      Examples:
        | claim                                               |
        | no control is above the ladder                      |
        | no control is dominated by an alternative on record |

  @TFA-7.7
  Rule: Authorised operators have it no worse

    Scenario: An authorised operator
      Given the rules as they are
      Then in every possible declaration authorised operators are not controlled more

  @TBT-6.1
  Rule: What is proved to conform is controlled no more

    Scenario: Who proves an exemption
      Given the rules as they are
      Then in every possible declaration an exemption lifts or lightens

  @TFA-4 @TBT-2.3
  Rule: Controls rest on law in force

    Scenario: On any day
      Given the rules as they are
      Then it is a known flag, as rules on toys have no end although Directive 2009/48/EC ends on 1 August 2030 and their review comes before, that not always every control has a basis in force

  Rule: Nothing falls between agencies

    Scenario: Heaters of which only the heading is known
      Given goods of which is known
        | stage          | accepted   |
        | accepted on    | 2026-11-23 |
        | commodity code | 851610     |
      Then they show that not always nothing falls between agencies

    Scenario: However little is declared
      Given the rules as they are
      Then it is a known flag, as discretionary rules that pass over what is unknown leave a level open without a question, that not always nothing falls between agencies
