"""What this room does: it publishes, once, what was certified and counted twice."""

from transparency.services.publishing import publish_results
from transparency.services.stops import PublicationStopped

__all__ = ["PublicationStopped", "publish_results"]
