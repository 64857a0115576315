"""Engagement: where residents and the city meet. At present: meetings with sign-up."""
