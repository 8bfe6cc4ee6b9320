//! Routing table: path and method to endpoint.

use http::Method;

/// Base path of the API.
const BASE: &str = "/api/customer/mtxi/support";

/// Endpoint of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `POST /`
    Create,
    /// `GET /`
    ListOwn,
    /// `GET /{ticketId}`, with the unparsed id.
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
    /// `/metrics`, with any method: without metrics the path does not exist.
    Metrics,
    /// Unknown path.
    NotFound,
    /// Known path with an unsupported method; holds the value of `Allow`.
    MethodNotAllowed(&'static str),
}

impl Endpoint {
    /// Returns the endpoint, and its route label for logs and metrics. One trailing slash is ignored.
    pub(super) fn find(path: &str, method: &Method) -> (Self, &'static str) {
        let is_post = *method == Method::POST;
        // HEAD is GET without the body.
        let is_get = matches!(*method, Method::GET | Method::HEAD);
        let Some(rest) = strip_base(path) else { return Self::find_outside_base(path, is_get) };
        match rest {
            "" if is_post => (Self::Create, "POST /"),
            "" if is_get => (Self::ListOwn, "GET /"),
            "" => (Self::MethodNotAllowed("GET, HEAD, POST"), "/"),
            "escalate" if is_post => (Self::Escalate, "POST /escalate"),
            "escalate" => (Self::MethodNotAllowed("POST"), "/escalate"),
            "close" if is_post => (Self::Close, "POST /close"),
            "close" => (Self::MethodNotAllowed("POST"), "/close"),
            "events" if is_get => (Self::Events, "GET /events"),
            "events" => (Self::MethodNotAllowed("GET, HEAD"), "/events"),
            "notifications" if is_get => (Self::Notifications, "GET /notifications"),
            "notifications" => (Self::MethodNotAllowed("GET, HEAD"), "/notifications"),
            "notifications/read" if is_post => (Self::MarkRead, "POST /notifications/read"),
            "notifications/read" => (Self::MethodNotAllowed("POST"), "/notifications/read"),
            deeper if deeper.contains('/') => (Self::NotFound, "elsewhere"),
            id if is_get => (Self::Track(id.to_owned()), "GET /{ticketId}"),
            _ => (Self::MethodNotAllowed("GET, HEAD"), "/{ticketId}"),
        }
    }

    /// Matches the paths outside the base path.
    fn find_outside_base(path: &str, is_get: bool) -> (Self, &'static str) {
        match path.strip_suffix('/').unwrap_or(path) {
            "/healthz" if is_get => (Self::Live, "GET /healthz"),
            "/healthz" => (Self::MethodNotAllowed("GET, HEAD"), "/healthz"),
            "/readyz" if is_get => (Self::Ready, "GET /readyz"),
            "/readyz" => (Self::MethodNotAllowed("GET, HEAD"), "/readyz"),
            "/metrics" => (Self::Metrics, "/metrics"),
            _ => (Self::NotFound, "elsewhere"),
        }
    }
}

/// Returns the rest of the path after the base path, without one slash on each side; `None` if the path has another
/// base or an extra slash.
fn strip_base(path: &str) -> Option<&str> {
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
    fn one_trailing_slash_is_ignored() {
        for (path, endpoint) in [
            ("", Endpoint::ListOwn),
            ("/7", Endpoint::Track("7".to_owned())),
            ("/events", Endpoint::Events),
            ("/escalate", Endpoint::MethodNotAllowed("POST")),
            ("/notifications/read", Endpoint::MethodNotAllowed("POST")),
        ] {
            assert_eq!(get(&format!("{BASE}{path}")), endpoint);
            assert_eq!(get(&format!("{BASE}{path}/")), endpoint);
        }
        assert_eq!((get("/healthz"), get("/readyz/")), (Endpoint::Live, Endpoint::Ready));
    }

    #[test]
    fn any_other_extra_slash_is_not_found() {
        for path in ["//", "//7", "/7//", "/7/8", "/events//", "/notifications//read", "/notifications/read/x", "7"] {
            assert_eq!(get(&format!("{BASE}{path}")), Endpoint::NotFound, "{path}");
        }
        for path in ["", "*", "/", "//healthz", "/healthz//", "/healthz/7", &BASE[1..], &format!("/{BASE}")] {
            assert_eq!(get(path), Endpoint::NotFound, "{path}");
        }
    }
}
