"""The ledger: every act of duty is one immutable record; everything shown is computed from it."""
