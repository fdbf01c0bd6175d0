//! What the answer to a preflight allows (Fetch, "CORS-preflight fetch"). Browsers' tools show that the request behind it came
//! to nothing; a proxy sees the preflight alone.

use super::step::Step;

impl Step<'_> {
    /// Whether this is a preflight, and its answer keeps the browser from sending the request that it asked for.
    pub(crate) fn is_refused_preflight(&self) -> bool {
        let asked = &self.exchange.request.headers;
        let Some(status) = self.status.filter(|_| self.method == "OPTIONS" && asked.has("access-control-request-method")) else {
            return false;
        };
        if !(200..300).contains(&status) {
            return true;
        }
        if self.exchange.response.headers.absent().is_some() {
            return false;
        }
        let origin = asked.value("origin").map(|origin| origin.raw());
        let allows_origin = self.allows("access-control-allow-origin", |allowed| Some(allowed) == origin);
        let wanted = asked.all("access-control-request-headers").flat_map(|names| names.raw().split(',')).map(str::trim);
        let allows_header = |wanted: &str| self.allows("access-control-allow-headers", |allowed| allowed.eq_ignore_ascii_case(wanted));
        !allows_origin || !wanted.filter(|name| !name.is_empty()).all(allows_header)
    }

    /// Whether a header of the answer lists what is wanted, or everything.
    fn allows(&self, header: &str, wanted: impl Fn(&str) -> bool) -> bool {
        let listed = self.exchange.response.headers.all(header).flat_map(|value| value.raw().split(',')).map(str::trim);
        listed.into_iter().any(|allowed| allowed == "*" || wanted(allowed))
    }
}
