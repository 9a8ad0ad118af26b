"""The levers of the sandbox, under `/sandbox/`: its clock, its deliveries, and a plain ledger for verifiers."""
