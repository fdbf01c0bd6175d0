//! What the browser does with third-party cookies by default.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{capture, user_agents};

pub(crate) fn cases() -> Vec<Case> {
    let with = |user_agent| capture().user_agent(user_agent).silent_frame(|r| r);
    let untold = || capture().silent_frame(|r| r.without_header("user-agent"));
    let place = || at("silent/authorize", "request.header.user-agent");
    vec![
        seen("browser.blocks-by-default", "it is Safari", with(user_agents::SAFARI), [place().shows("Safari")]),
        not_seen("browser.blocks-by-default", "it is Chrome", with(user_agents::CHROME), [place()]),
        not_recorded("browser.blocks-by-default", "the User-Agent is lost", untold(), "User-Agent is not in the capture"),
        not_recorded("browser.blocks-by-default", "the browser is not known", with(user_agents::UNHEARD_OF), "no known browser"),
        seen("browser.partitions-by-default", "it is Firefox", with(user_agents::FIREFOX), [place().shows("Firefox")]),
        not_seen("browser.partitions-by-default", "it is Chrome", with(user_agents::CHROME), [place()]),
        not_recorded("browser.partitions-by-default", "the User-Agent is lost", untold(), "User-Agent is not in the capture"),
    ]
}
