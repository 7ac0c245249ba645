"""What every part needs: paths, errors, clock, log, settings, resources."""
