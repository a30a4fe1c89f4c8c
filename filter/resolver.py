"""Keeps names of servers from leading to services of this host. No mitmproxy here."""

import ipaddress

import url_rules


def forbidden_address(text):
    """True for an address that a *name* must not resolve to: it would be a service of this host."""
    address = ipaddress.ip_address(text.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    return (address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
            or (address.version == 4 and address in ipaddress.ip_network("0.0.0.0/8")))


def guard_resolver(loop):
    """The proxy connects only to the addresses that this check saw, so a name server gains nothing
    from a different second answer."""
    resolve = loop.getaddrinfo

    async def guarded(host, port, **options):
        found = await resolve(host, port, **options)
        name = host.decode("latin-1") if isinstance(host, bytes) else host
        named = not name or url_rules.is_literal(name) or name == "localhost" or name.endswith(".localhost")
        if not named and any(forbidden_address(entry[4][0]) for entry in found):
            raise OSError(f"the name {name} resolves to an address of this host or its network; "
                          f"only a rule with that address can allow it")
        return found

    loop.getaddrinfo = guarded
