"""What documents reach outside the house: a model endpoint that the installation configured, and none by default."""

from ._endpoint import Endpoint, EndpointError, configured
from ._proposals import Proposal, ask_for_items

__all__ = ["Endpoint", "EndpointError", "Proposal", "ask_for_items", "configured"]
