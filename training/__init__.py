"""How the bundled model is made: data in, weights and report out (``python -m training``)."""
