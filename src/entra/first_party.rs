//! Applications of Microsoft: nobody else can change their registrations.

use super::tenant::Guid;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Their ids: those to which the program's own files give names.
static IDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let quoted = |line: &'static str| line.strip_prefix('"')?.split('"').next();
    include_str!("../knowledge/apps.toml").lines().filter_map(quoted).collect()
});

/// Whether an application is one of Microsoft's own that are known.
pub(crate) fn is_of_microsoft(client: &Guid) -> bool {
    IDS.contains(client.as_str().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_are_those_that_have_names() {
        let is_own = |id: &str| is_of_microsoft(&Guid::parse(id).unwrap());
        assert!(is_own("04b07795-8ddb-461a-bbee-02f9e1bf7b46") && is_own("04B07795-8DDB-461A-BBEE-02F9E1BF7B46"));
        assert!(!is_own("11111111-2222-4333-8444-555555555555"));
        assert!(IDS.len() > 50 && IDS.iter().all(|id| Guid::is_one(id)));
    }
}
