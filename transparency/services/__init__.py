"""What this room does: it publishes, once, what was certified and counted twice."""

from transparency.services.publishing import PublicationStopped, publish_results

__all__ = ["PublicationStopped", "publish_results"]
