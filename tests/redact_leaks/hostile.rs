//! Text that means to take time.

use crate::{APP, REPLY, get, gone_from, remark, replied};

#[test]
fn hostile_text_ends() {
    let entries = [
        remark(&"/".repeat(100_000)),
        get(&format!("{APP}/?message={}", "a%3D".repeat(50_000))),
        get(&format!("{APP}/?{}", "redirect_uri=https://a/?".repeat(10_000))),
        get(&format!("{APP}/?{}", "wctx=".repeat(20_000))),
        get(&format!("{APP}/?message={}%{}41", "a=".repeat(60), "25".repeat(60))),
        replied(APP, &format!("password={}", "\"password=".repeat(5_000))),
        replied(APP, &"cookie: authorization: password: ".repeat(50_000)),
        replied(APP, &"eyJ.@a.b1:::".repeat(50_000)),
        replied(APP, &"code:\\\"x:'\\\\\"".repeat(50_000)),
        replied(&format!("{APP}/t{REPLY}"), &format!("<script>{}", "x={\"aadsts\\\"'".repeat(50_000))),
    ];
    gone_from("hostile", &entries, &["--keep-bodies"], &[]);
}
