"""The doors: command line and HTTP. Clocks, files and sockets are here, and nothing is decided."""
