"""The Method of Equal Shares: everybody gets an equal share and buys what she supports with others.

Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities",
arXiv 2008.13276; completions as in Faliszewski et al., arXiv 2305.11035, and as cities use them.
"""
