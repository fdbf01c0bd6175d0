//! What the browser does with third-party cookies by default.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{capture, user_agents};

const INTERNET_EXPLORER: &str = "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko";
const ELECTRON: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) desk/2.1 Chrome/140.0.0.0 Electron/38.1 Safari/537.36";

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
        seen(
            "browser.blocks-by-default",
            "it is Brave, by its brands",
            capture().silent_frame(|r| r.header("sec-ch-ua", "\"Chromium\";v=\"142\", \"Brave\";v=\"142\"")),
            [at("silent/authorize", "request.header.sec-ch-ua").shows("Brave")],
        ),
        seen("browser.apple", "it is Safari", with(user_agents::SAFARI), [place().shows("Safari")]),
        not_seen("browser.apple", "it is Chrome", with(user_agents::CHROME), [place()]),
        not_recorded("browser.apple", "the User-Agent is lost", untold(), "User-Agent is not in the capture"),
        seen(
            "browser.brave",
            "its brands say so",
            capture().silent_frame(|r| r.header("sec-ch-ua", "\"Chromium\";v=\"142\", \"Brave\";v=\"142\"")),
            [at("silent/authorize", "request.header.sec-ch-ua").shows("Brave")],
        ),
        not_seen("browser.brave", "it is Safari", with(user_agents::SAFARI), [place()]),
        not_recorded("browser.brave", "the User-Agent is lost", untold(), "User-Agent is not in the capture"),
        seen("browser.security-zones", "it is Internet Explorer", with(INTERNET_EXPLORER), [place().shows("Internet Explorer")]),
        not_seen("browser.security-zones", "it is Chrome", with(user_agents::CHROME), [place()]),
        not_recorded("browser.security-zones", "the User-Agent is lost", untold(), "User-Agent is not in the capture"),
        seen("browser.embedded", "it is part of an Electron application", with(ELECTRON), [place().shows("Electron")]),
        not_seen("browser.embedded", "it is Chrome", with(user_agents::CHROME), [place()]),
        not_recorded("browser.embedded", "the User-Agent is lost", untold(), "User-Agent is not in the capture"),
    ]
}
