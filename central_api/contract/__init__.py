"""What office, terminal and phone agree on, byte for byte. Knows nobody, reads no file but its own catalogue.

The tables are in docs/contract.md. Every parser here raises a `ContractError` and nothing else.
"""
