//! What a federated identity provider says when it refuses a program (WS-Trust).

/// What a federated identity provider says of a request that it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It could not authenticate whoever the credentials are of.
    Credentials,
    /// Its own rules do not let the person have an assertion for Entra ID.
    Access,
}

impl Refusal {
    /// The same in our words.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Credentials => "a fault: the credentials are not accepted",
            Self::Access => "a fault: access denied by the provider's rules",
        }
    }
}
