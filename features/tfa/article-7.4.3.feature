@TFA-7.4.3
Feature: Control concentrates on high risk and speeds up low risk
  Source: WTO Agreement on Trade Facilitation, Article 7.4.3 (addressee: the Member's customs administration).
  "Shall" concentrate customs control on consignments of high risk and expedite those of low risk; "may" select
  at random. Regime: all border controls of this knowledge base; the article itself speaks of customs.
  Status: law. Not tested here: whether the levels themselves are the right ones.

  Rule: Low-risk goods are released, unless drawn at random at the declared share

    Scenario: Cotton shirts of an ordinary value go straight through
      Given cotton shirts of an ordinary value
      When the declaration is decided on 2026-11-23
      Then the risk level is low
      And only a declared random selection could stop them
      And nothing is held

  Rule: High-risk goods are controlled

    Scenario: A toy with small parts from an importer with a poor record is examined
      Given a plush toy for children of 18 months with small parts
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then the risk level is serious
      And market surveillance selects it for physical examination
