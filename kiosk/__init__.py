"""The visitor's terminal: shows a slip's status, prints a receipt, and forgets the visit."""
