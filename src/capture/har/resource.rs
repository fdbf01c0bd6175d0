//! What browsers call what they want a resource for, in `_resourceType`.

use crate::exchange::Resource;

/// The names of Chromium's tools, and of Firefox's where they differ.
const NAMES: &[(&str, Resource)] = &[
    ("script", Resource::Script),
    ("xhr", Resource::Fetch),
    ("fetch", Resource::Fetch),
    ("document", Resource::Document),
    ("iframe", Resource::Document),
    ("subdocument", Resource::Document),
    ("preflight", Resource::Preflight),
    ("ping", Resource::Ping),
    ("beacon", Resource::Ping),
    ("websocket", Resource::WebSocket),
];

/// The kind of resource that has a name.
pub(super) fn of_name(name: &str) -> Resource {
    let known = NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
    known.map_or(Resource::Other, |(_, resource)| *resource)
}

/// The name under which a kind of resource is written.
pub(super) fn name(resource: Resource) -> &'static str {
    match resource {
        Resource::Document => "document",
        Resource::Fetch => "fetch",
        Resource::Script => "script",
        Resource::Preflight => "preflight",
        Resource::Ping => "ping",
        Resource::WebSocket => "websocket",
        Resource::Other => "other",
    }
}
