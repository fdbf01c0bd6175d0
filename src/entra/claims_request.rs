//! The `claims` parameter (OpenID Connect Core 5.5): what it demands, beside what libraries add on their own account.

use super::step::Step;
use serde_json::{Map, Value};

impl Step<'_> {
    /// Whether the request demands anything by `claims`. What MSAL sends with every request demands nothing: that the
    /// application understands challenges (`xms_cc`), and claims of the ID token that may be missing.
    pub(crate) fn demands_claims(&self) -> bool {
        self.demanded_claims().is_some()
    }

    /// Whether two requests demand the same by `claims`.
    pub(crate) fn demands_the_claims_of(&self, other: &Self) -> bool {
        self.demanded_claims() == other.demanded_claims()
    }

    fn demanded_claims(&self) -> Option<Value> {
        let text = self.params.text("claims")?;
        let Ok(Value::Object(asked)) = serde_json::from_str(text) else { return Some(Value::from(text)) };
        let demanded: Map<String, Value> =
            asked.into_iter().filter_map(|(of, claims)| Some((demanded(&of, claims)?, of))).map(|(claims, of)| (of, claims)).collect();
        (!demanded.is_empty()).then_some(Value::Object(demanded))
    }
}

/// What is demanded of one token.
fn demanded(of: &str, claims: Value) -> Option<Value> {
    let Value::Object(claims) = claims else { return Some(claims) };
    let is_demanded = |name: &str, claim: &Value| match of {
        "access_token" => name != "xms_cc",
        _ => claim["essential"] == true || claim.get("value").is_some() || claim.get("values").is_some(),
    };
    let claims: Map<String, Value> = claims.into_iter().filter(|(name, claim)| is_demanded(name, claim)).collect();
    (!claims.is_empty()).then_some(Value::Object(claims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libraries_add_is_no_demand() {
        let is = |of: &str, claims: &str| demanded(of, serde_json::from_str(claims).unwrap()).is_some();
        assert!(!is("access_token", r#"{"xms_cc":{"values":["cp1"]}}"#));
        assert!(!is("id_token", r#"{"signin_state":{"essential":false},"login_hint":null}"#));
        assert!(is("access_token", r#"{"nbf":{"essential":true,"value":"1"},"xms_cc":{"values":["cp1"]}}"#));
        assert!(is("id_token", r#"{"acrs":{"essential":true,"value":"c1"}}"#));
    }
}
