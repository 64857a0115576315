"""Networks: the part of an address that a household, or whoever rents one, has for itself."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def network_of(address: str | None, *, of_4: int, of_6: int) -> str | None:
    """The network in which an address lies, of so many bits; None for what is no address.

    An IPv4 address that is written as an IPv6 one counts as what it is.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    length = of_4 if isinstance(found, IPv4Address) else of_6
    return str(ip_network((found, length), strict=False))
