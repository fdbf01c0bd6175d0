//! The names in the configuration of a page of the sign-in service.

use super::Meaning;
use super::canonical::Canonical;
use crate::redact::kind::Kind;

/// The value of a member of the configuration in a page of the sign-in service; `None` for one that is left out,
/// as most are: texts of the page, addresses of its scripts.
pub(in crate::redact) fn of_page_field(name: &str) -> Option<Meaning> {
    let name = Canonical::of(name);
    if name.is_cut {
        return None;
    }
    Some(match name.as_str() {
        "pgid" | "serrorcode" | "ierrorcode" | "ihttperrorcode" | "strtimestamp" | "issignedin" | "hpgid" | "hpgact" | "arrsessions" => {
            Meaning::Keep
        }
        "stenantid" => Meaning::Tenant,
        "correlationid" | "strtraceid" => Meaning::TraceId,
        // On a page of the sign-in service this is the trace id.
        "sessionid" => Meaning::TraceId,
        "serrtxt" | "strserviceexceptionmessage" => Meaning::Text,
        "sctx" | "sft" | "canary" | "apicanary" | "scanary" => Meaning::Secret(Kind::FlowToken),
        "spostusername" | "sprefillusername" => Meaning::Account,
        "urlpost" => Meaning::Url,
        "name" | "fullname" | "sfullname" | "displayname" => Meaning::Secret(Kind::Name),
        _ => return None,
    })
}
