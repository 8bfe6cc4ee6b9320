//! Address of the client: that of the peer, or the one that a trusted proxy forwards.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::{HeaderMap, HeaderName};

use crate::model::ip_range::IpRange;

/// De-facto standard header with the addresses of the client and of all proxies but the last.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Standard header of the same purpose (RFC 7239).
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// Number of high bits of an IPv6 address that identify its network, usually one customer's (RFC 6177).
const IPV6_NETWORK_BITS: u32 = 64;

/// Proxies whose forwarding headers count.
#[derive(Debug, Default)]
pub(super) struct TrustedProxies(Vec<IpRange>);

impl TrustedProxies {
    pub(super) fn new(ranges: Vec<IpRange>) -> Self {
        Self(ranges)
    }

    /// Returns the client's address: the last one in the forwarding headers that is not a trusted proxy. The headers of
    /// an untrusted peer do not count. If the two headers differ, a client wrote one of them, and the peer counts.
    pub(super) fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contain(peer) {
            return peer;
        }
        let hops = |name, parse: fn(&str) -> Option<IpAddr>| {
            let values = headers.get_all(name).iter().collect::<Vec<_>>();
            let texts = values.iter().rev().flat_map(|value| value.to_str().unwrap_or("unknown").rsplit(','));
            (!values.is_empty()).then(|| self.last_untrusted(peer, texts.map(parse)))
        };
        match (hops(X_FORWARDED_FOR, parse_node), hops(FORWARDED, parse_element)) {
            (Some(client), None) | (None, Some(client)) => client,
            (Some(client), Some(same)) if client == same => client,
            (None, None) | (Some(_), Some(_)) => peer,
        }
    }

    /// Returns true if the address is that of a trusted proxy.
    pub(super) fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(address))
    }

    /// Returns the first untrusted hop, from the nearest one. A hop that is no address hides all farther ones.
    fn last_untrusted(&self, peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        let mut nearest = peer;
        for hop in hops {
            let Some(hop) = hop else { break };
            nearest = hop;
            if !self.contain(hop) {
                break;
            }
        }
        nearest
    }
}

/// Returns the address by which a client is counted: its IPv4 address, or the network of its IPv6 address.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) if address == Ipv6Addr::LOCALHOST => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - IPV6_NETWORK_BITS))).into(),
    }
}

/// Parses an element of `Forwarded`, such as `for="[2001:db8::1]:4711";proto=https`.
fn parse_element(element: &str) -> Option<IpAddr> {
    let parameters = element.split(';').filter_map(|parameter| parameter.split_once('='));
    let mut nodes = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, node)| node.trim());
    let node = nodes.next()?;
    let quoted = node.strip_prefix('"').and_then(|node| node.strip_suffix('"'));
    parse_node(quoted.unwrap_or(node))
}

/// Parses an address, with or without brackets and a port.
fn parse_node(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    let address = if let Some(bracketed) = node.strip_prefix('[') {
        bracketed.split_once(']')?.0
    } else {
        match node.split_once(':') {
            Some((address, port)) if !port.contains(':') => address,
            _ => node,
        }
    };
    address.parse().ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let ranges = ["10.0.0.0/8", "::1"].map(|range| range.parse().unwrap()).to_vec();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, http::HeaderValue::from_static(value));
        }
        TrustedProxies::new(ranges).client_address(peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_forwards_an_address() {
        let forwarded = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
        assert_eq!(client("10.0.0.1", &forwarded), "192.0.2.1");
        assert_eq!(client("::ffff:10.0.0.1", &forwarded), "192.0.2.1");
        assert_eq!(client("198.51.100.1", &forwarded), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_last_untrusted_hop_is_the_client() {
        for (hops, expected) in [
            ("192.0.2.9, 192.0.2.1", "192.0.2.1"),
            ("192.0.2.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("192.0.2.9, unknown, 10.0.0.2", "10.0.0.2"),
            ("192.0.2.9, spam", "10.0.0.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("x-forwarded-for", hops)]), expected, "{hops}");
        }
        assert_eq!(client("::1", &[("x-forwarded-for", "192.0.2.9"), ("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
    }

    #[test]
    fn the_standard_header_is_parsed() {
        for (elements, expected) in [
            ("for=192.0.2.1", "192.0.2.1"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=192.0.2.9, proto=https; for=\"192.0.2.1:80\";by=10.0.0.1", "192.0.2.1"),
            ("for=192.0.2.9, for=_hidden", "10.0.0.1"),
            ("by=192.0.2.9", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("forwarded", elements)]), expected, "{elements}");
        }
    }

    #[test]
    fn a_client_cannot_choose_between_the_headers() {
        let both = [("forwarded", "for=192.0.2.9"), ("x-forwarded-for", "192.0.2.1")];
        assert_eq!(client("10.0.0.1", &both), "10.0.0.1");
    }
}
