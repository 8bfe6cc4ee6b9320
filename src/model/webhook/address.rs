//! Rule against server-side request forgery (SSRF): webhooks are sent to public IP addresses only, unless private ones are
//! allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns true for a globally reachable address. Every range that the IANA registries of special-purpose addresses
/// (RFC 6890) do not call globally reachable is excluded, and so are ranges that embed another address, since a gateway
/// decides where those lead.
pub const fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

#[expect(clippy::unnested_or_patterns, reason = "one line for each registry entry")]
const fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        // "This network" (RFC 791), private (RFC 1918), loopback, link-local including cloud metadata services.
        [0 | 10 | 127, ..]
            | [172, 16..=31, ..]
            | [192, 168, ..]
            | [169, 254, ..]
            // Shared address space of carriers (RFC 6598).
            | [100, 64..=127, ..]
            // Protocol assignments, 6to4 relays, AS112, AMT (RFC 6890, 7526, 7534, 7535, 7450).
            | [192, 0, 0, _]
            | [192, 88, 99, _]
            | [192, 31, 196, _]
            | [192, 175, 48, _]
            | [192, 52, 193, _]
            // Documentation (RFC 5737) and benchmarking (RFC 2544).
            | [192, 0, 2, _]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [198, 18..=19, ..]
            // Metadata service of Azure, reachable only from inside.
            | [168, 63, 129, 16]
            // Multicast, reserved, broadcast.
            | [224..=255, ..]
    )
}

#[expect(clippy::unnested_or_patterns, reason = "one line for each registry entry")]
const fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only 2000::/3 is allocated as global unicast. Loopback, unspecified, IPv4-mapped and -compatible, NAT64
    // (64:ff9b::/96 and 64:ff9b:1::/48), discard, unique-local, link-local, site-local and multicast are outside of it.
    let segments = address.segments();
    if segments[0] & 0xe000 != 0x2000 {
        return false;
    }
    !matches!(
        segments,
        // Protocol assignments with Teredo, benchmarking, ORCHID and AMT (2001::/23), documentation, 6to4, AS112, and
        // the second documentation block (RFC 9637).
        [0x2001, 0..=0x1ff, ..]
            | [0x2001, 0xdb8, ..]
            | [0x2002, ..]
            | [0x2620, 0x4f, 0x8000, ..]
            | [0x3fff, 0..=0xfff, ..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_are_accepted() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.215.14",
            "172.15.255.255",
            "172.32.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "192.167.0.1",
            "169.253.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450:4001:80b::200e",
            "2001:4860:4860::8888",
            "2001:200::1",
            "2003::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn non_public_addresses_are_rejected() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "169.254.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "192.0.0.1",
            "192.0.0.192",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "198.18.0.1",
            "198.19.255.255",
            "192.88.99.1",
            "168.63.129.16",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "::8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fe80::1",
            "fe80::a9fe:a9fe",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }
}
