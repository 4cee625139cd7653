"""The Debian package of a terminal: `python -m provisioning.package`, which `make deb` calls."""
