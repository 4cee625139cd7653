"""The office: the chain of signatures, what it publishes, and the API that terminals and phones ask."""
