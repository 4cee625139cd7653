"""How a bare machine becomes a trusted terminal: enrolment, settings, self-test, updates."""
