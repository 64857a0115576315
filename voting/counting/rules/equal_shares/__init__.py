"""The Method of Equal Shares (Peters, Pierczyński and Skowron, arXiv 2008.13276)."""
