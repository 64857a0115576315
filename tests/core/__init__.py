"""The ground: text, money, clock, search, jobs and the rest of what every room stands on."""
