"""Points (履职积分) by rulesets, and boards as they stood, computed from the ledger."""
