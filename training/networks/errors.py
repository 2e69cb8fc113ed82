"""What can be wrong with a network that a recipe asks for."""


class NetworkError(ValueError):
    """A network that cannot be built; the message names what it was asked and what it knows."""


class WeightsError(ValueError):
    """Weights that cannot be had or do not fit; the message says what to do."""
