//! What became of the authorization code before it was refused.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CONTOSO, Entry, FABRIKAM, capture};

const REFUSED: &str = "The provided authorization code was already redeemed.";

const HANDED: &str = "response.header.location.fragment.code";

pub(crate) fn cases() -> Vec<Case> {
    let refused_at_once = || capture().sign_in(|s| s.token(|t| t.fails(54005, REFUSED)));
    let asked_before = || capture().sign_in(|s| s).redeem_again(|t| t.fails(54005, REFUSED));
    vec![
        seen(
            "authorization-code.used-before",
            "it is turned in a second time",
            asked_before(),
            [at("sign-in/token", "request.body.code").shows("code #1"), at("redemption/token", "request.body.code").shows("code #1")],
        ),
        not_seen("authorization-code.used-before", "it is turned in once", refused_at_once(), []),
        not_seen(
            "authorization-code.used-before",
            "another code was turned in before",
            capture().sign_in(|s| s).sign_in(|s| s.token(|t| t.fails(54005, REFUSED))),
            [at("sign-in/token", "request.body.code")],
        ),
        not_recorded(
            "authorization-code.used-before",
            "what an earlier token request turned in is lost",
            asked_before().edit("sign-in/token", Entry::losing_request_body),
            "an earlier token request was recorded without its body",
        ),
        not_recorded("authorization-code.used-before", "what failed turns no code in", capture().refresh(|t| t), "a refresh token is turned in"),
        seen(
            "authorization-code.other-tenant",
            "it is turned in at another tenant",
            capture().sign_in(|s| s.token(|t| t.tenant(FABRIKAM).fails(70002, "The grant is invalid."))),
            [at("sign-in/authorize", "request.url.path"), at("sign-in/token", "request.url.path").shows(FABRIKAM)],
        ),
        not_seen(
            "authorization-code.other-tenant",
            "it is turned in where it was asked for",
            refused_at_once(),
            [at("sign-in/token", "request.url.path")],
        ),
        not_seen(
            "authorization-code.other-tenant",
            "any tenant was asked",
            capture().sign_in(|s| s.tenant("common").token(|t| t.tenant(FABRIKAM).fails(54005, REFUSED))),
            [at("sign-in/token", "request.url.path")],
        ),
        not_recorded(
            "authorization-code.other-tenant",
            "it is asked for by the tenant's domain and turned in by its id",
            capture().sign_in(|s| s.tenant("contoso.example").token(|t| t.tenant(CONTOSO).fails(54005, REFUSED))),
            "names its tenant by id, the other by domain",
        ),
        seen(
            "authorization-code.too-old",
            "a quarter of an hour goes by",
            refused_at_once().pause_before("sign-in/token", 900),
            [at("sign-in/kmsi", HANDED), at("sign-in/token", "request.body.code")],
        ),
        not_seen("authorization-code.too-old", "it is turned in at once", refused_at_once(), [at("sign-in/token", "request.body.code")]),
        not_recorded(
            "authorization-code.too-old",
            "it is turned in when it is just about to expire",
            refused_at_once().pause_before("sign-in/token", 500),
            "as old as codes may become",
        ),
        not_recorded(
            "authorization-code.too-old",
            "the reply that hands it over is not in the capture",
            refused_at_once().without("sign-in/kmsi"),
            "hands the code over",
        ),
        seen(
            "authorization-code.altered",
            "it is cut off",
            refused_at_once().edit("sign-in/token", |entry| entry.cutting("code", 40)),
            [at("sign-in/kmsi", HANDED), at("sign-in/token", "request.body.code")],
        ),
        not_seen("authorization-code.altered", "it is turned in as it came", refused_at_once(), [at("sign-in/token", "request.body.code")]),
        not_recorded(
            "authorization-code.altered",
            "the reply that hands it over is not in the capture",
            refused_at_once().without("sign-in/kmsi"),
            "hands the code over",
        ),
        not_recorded(
            "authorization-code.other-tenant",
            "where it was asked for is not in the capture",
            asked_before().without("sign-in/authorize"),
            "authorization request",
        ),
    ]
}
