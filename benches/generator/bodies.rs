//! The bodies of responses.

use super::random::Random;

/// Text to cut bodies from, by resource kind, already as JSON writes it.
pub(super) struct Pools(Vec<(&'static str, String)>);

const POOL: usize = 1 << 20;

/// How many persons the replies of APIs tell of.
const PERSONS: u64 = 300;

impl Pools {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut pool = |resource, piece: fn(&mut Random) -> String| {
            let mut text = String::new();
            while text.len() < POOL {
                let written = serde_json::to_string(&piece(random)).expect("a string is always JSON");
                // Each piece is whole, so that a cut between two never parts an escape.
                text.push_str(written.trim_matches('"').trim_end_matches('\\'));
                text.push('\u{1}');
            }
            (resource, text)
        };
        Self(vec![
            pool("script", |random| {
                // One name in eight is not ASCII, as in translated texts.
                let text = if random.below(8) == 0 { "é中…" } else { "Error" };
                format!(
                    "function {}({},t){{var {}=this.{}(t,\"{}\");return {}.{}&&!{}.disabled||{{}}}}/{}\\d+/.test(e)?\"<div class=\\\"{}\\\">\":'{text}';\n",
                    random.word(2),
                    random.word(1),
                    random.word(2),
                    random.word(9),
                    random.word(9),
                    random.word(3),
                    random.word(7),
                    random.word(3),
                    random.word(4),
                    random.word(5)
                )
            }),
            pool("fetch", |random| {
                // One record in sixteen is a person's, of whom the same come again and again.
                let person = match random.below(16) {
                    0 => format!("\"displayName\":\"Person {}\",", random.below(PERSONS)),
                    _ => String::new(),
                };
                format!(
                    "{{\"id\":\"{}\",{person}\"title\":\"{} {}\",\"enabled\":true,\"note\":\"line\\n\\\"quoted\\\" ü\",\"n\":{}}}",
                    random.word(22),
                    random.word(7),
                    random.word(9),
                    random.below(1_000_000)
                )
            }),
            pool("stylesheet", |random| {
                format!(".{}{{margin:{}px;background:url(\"{}.svg\")}}\n", random.word(5), random.below(99), random.word(6))
            }),
            pool("document", |random| {
                format!(
                    "<div class=\"{}\">\r\n\t<a href=\"/{}?x=1&amp;y=2\">{}</a>\r\n</div>\n",
                    random.word(6),
                    random.word(9),
                    random.word(8)
                )
            }),
            pool("image", |random| random.word(76)),
        ])
    }

    /// A string with a body of about that size.
    pub(super) fn body(&self, resource: &str, size: u64, random: &mut Random) -> String {
        let (_, pool) = self.0.iter().find(|(name, _)| *name == resource).expect("every kind has a pool");
        let mut pieces = pool.split('\u{1}').cycle().skip(random.below(500) as usize);
        let mut body = String::with_capacity(size as usize + 1000);
        // What an API replies is a list of records.
        let (before, between, behind) = if resource == "fetch" { ("\"[", ",", "]\"") } else { ("\"", "", "\"") };
        body.push_str(before);
        body.push_str(pieces.next().unwrap_or_default());
        while (body.len() as u64) <= size {
            body.push_str(between);
            body.push_str(pieces.next().unwrap_or_default());
        }
        body.push_str(behind);
        body
    }
}
