//! Which endpoint a request means, by its path and method.

use http::Method;

/// Where the API lives.
const BASE: &str = "/api/customer/mtxi/support";

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `POST /`
    Create,
    /// `GET /`
    ListOwn,
    /// `GET /{ticketId}`, with what stands in its place.
    Track(String),
    /// `POST /escalate`
    Escalate,
    /// `POST /close`
    Close,
    /// `GET /events`
    Events,
    /// `GET /notifications`
    Notifications,
    /// `POST /notifications/read`
    MarkRead,
    /// `GET /healthz`
    Live,
    /// `GET /readyz`
    Ready,
    /// `/metrics`, whatever the method: where nobody counts, nothing is there.
    Metrics,
    /// Nothing is at this path.
    Nothing,
    /// The path takes other methods: these.
    Only(&'static str),
}

impl Endpoint {
    /// The endpoint, and what it is called in the log. One slash at the end of a path means nothing.
    pub(super) fn find(path: &str, method: &Method) -> (Self, &'static str) {
        let posts = *method == Method::POST;
        // HEAD is GET without the body.
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let Some(inside) = inside(path) else { return Self::beside(path, reads) };
        match inside {
            "" if posts => (Self::Create, "POST /"),
            "" if reads => (Self::ListOwn, "GET /"),
            "" => (Self::Only("GET, HEAD, POST"), "/"),
            "escalate" if posts => (Self::Escalate, "POST /escalate"),
            "escalate" => (Self::Only("POST"), "/escalate"),
            "close" if posts => (Self::Close, "POST /close"),
            "close" => (Self::Only("POST"), "/close"),
            "events" if reads => (Self::Events, "GET /events"),
            "events" => (Self::Only("GET, HEAD"), "/events"),
            "notifications" if reads => (Self::Notifications, "GET /notifications"),
            "notifications" => (Self::Only("GET, HEAD"), "/notifications"),
            "notifications/read" if posts => (Self::MarkRead, "POST /notifications/read"),
            "notifications/read" => (Self::Only("POST"), "/notifications/read"),
            deeper if deeper.contains('/') => (Self::Nothing, "elsewhere"),
            id if reads => (Self::Track(id.to_owned()), "GET /{ticketId}"),
            _ => (Self::Only("GET, HEAD"), "/{ticketId}"),
        }
    }

    /// What is outside the base path.
    fn beside(path: &str, reads: bool) -> (Self, &'static str) {
        match path.strip_suffix('/').unwrap_or(path) {
            "/healthz" if reads => (Self::Live, "GET /healthz"),
            "/healthz" => (Self::Only("GET, HEAD"), "/healthz"),
            "/readyz" if reads => (Self::Ready, "GET /readyz"),
            "/readyz" => (Self::Only("GET, HEAD"), "/readyz"),
            "/metrics" => (Self::Metrics, "/metrics"),
            _ => (Self::Nothing, "elsewhere"),
        }
    }
}

/// What follows the base path, without the slashes around it; none where the path is another, or has one slash too many.
fn inside(path: &str) -> Option<&str> {
    match path.strip_prefix(BASE)? {
        "" | "/" => Some(""),
        rest => {
            let rest = rest.strip_prefix('/')?;
            Some(rest.strip_suffix('/').unwrap_or(rest)).filter(|rest| !rest.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Endpoint {
        Endpoint::find(path, &Method::GET).0
    }

    #[test]
    fn one_slash_at_the_end_means_nothing() {
        for (path, endpoint) in [
            ("", Endpoint::ListOwn),
            ("/7", Endpoint::Track("7".to_owned())),
            ("/events", Endpoint::Events),
            ("/escalate", Endpoint::Only("POST")),
            ("/notifications/read", Endpoint::Only("POST")),
        ] {
            assert_eq!(get(&format!("{BASE}{path}")), endpoint);
            assert_eq!(get(&format!("{BASE}{path}/")), endpoint);
        }
        assert_eq!((get("/healthz"), get("/readyz/")), (Endpoint::Live, Endpoint::Ready));
    }

    #[test]
    fn every_other_slash_leads_elsewhere() {
        for path in ["//", "//7", "/7//", "/7/8", "/events//", "/notifications//read", "/notifications/read/x", "7"] {
            assert_eq!(get(&format!("{BASE}{path}")), Endpoint::Nothing, "{path}");
        }
        for path in ["", "*", "/", "//healthz", "/healthz//", "/healthz/7", &BASE[1..], &format!("/{BASE}")] {
            assert_eq!(get(path), Endpoint::Nothing, "{path}");
        }
    }
}
