"""The terminal's package in a Debian 12 of its own: `make test-appliance`, as root. It takes minutes."""
