@TFA-7.4.3
Feature: Control concentrates on high risk and speeds up low risk
  Customs control goes, as far as it can, where the risk is high, and goods of low risk are released
  quickly. Part of them may still be drawn at random.

  Rule: Low-risk goods are released, unless drawn at random at the declared share
    Source: WTO Agreement on Trade Facilitation, Article 7.4.3
    Modal: shall, to the extent possible
    Addressee: the Member, for customs control; here every agency at the border
    Regime: all
    Confidence: law, checked 2026-11-23
    Not tested: whether the levels themselves are the right ones

    Scenario: Cotton shirts of an ordinary value go straight through
      Given a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      Then the risk level is low
      And only a declared random selection could stop it
      And nothing is held

  Rule: High-risk goods are controlled
    Source: WTO Agreement on Trade Facilitation, Article 7.4.3
    Modal: shall, to the extent possible
    Addressee: the Member, for customs control; here every agency at the border
    Regime: all
    Confidence: law, checked 2026-11-23
    Not tested: whether the levels themselves are the right ones

    Scenario: A toy with small parts from an importer with a poor record is examined
      Given a consignment of a plush toy with small parts
      And under "intended age" the trader declares 18 months
      And its importer's record is poor
      When the declaration is decided on 2026-11-23
      Then the risk level is serious
      And market surveillance selects it for physical check
