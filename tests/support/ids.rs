//! People, applications, tenants and sessions, all made up.

use entrace::entra::CONSUMERS_TENANT;

/// The tenant that most tests ask.
pub(crate) const CONTOSO: &str = "c0c0c0c0-0000-4000-8000-000000000001";
/// Another tenant.
pub(crate) const FABRIKAM: &str = "fafafafa-0000-4000-8000-000000000002";

/// The session that a sign-in opens unless the test says otherwise.
pub(crate) const SESSION: &str = "5e555e55-0000-4000-8000-000000000001";
/// Another session.
pub(crate) const OTHER_SESSION: &str = "5e555e55-0000-4000-8000-000000000002";

/// A person with an account.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    /// The user principal name.
    pub(crate) name: &'static str,
    /// The object id.
    pub(crate) object_id: &'static str,
    /// The home tenant.
    pub(crate) home: &'static str,
}

/// A person of [`CONTOSO`].
pub(crate) const ADA: Person = Person { name: "ada@contoso.example", object_id: "ada0ada0-0000-4000-8000-000000000001", home: CONTOSO };
/// Another person of [`CONTOSO`].
pub(crate) const BOB: Person = Person { name: "bob@contoso.example", object_id: "b0bb0b00-0000-4000-8000-000000000002", home: CONTOSO };
/// A person with a personal Microsoft account.
pub(crate) const GRACE: Person =
    Person { name: "grace@outlook.example", object_id: "00000000-0000-0000-9ace-000000000003", home: CONSUMERS_TENANT };

impl Person {
    /// The name without its domain: no output may show it.
    pub(crate) fn local_part(&self) -> &'static str {
        self.name.split('@').next().unwrap_or_default()
    }
}

/// An application.
#[derive(Clone, Copy)]
pub(crate) struct App {
    /// The application id.
    pub(crate) client_id: &'static str,
    /// Where it is served.
    pub(crate) origin: &'static str,
}

/// The application that most tests sign in to.
pub(crate) const APP: App = App { client_id: "a0a0a0a0-0000-4000-8000-000000000001", origin: "https://app.example" };
/// Another application.
pub(crate) const OTHER_APP: App = App { client_id: "a0a0a0a0-0000-4000-8000-000000000002", origin: "https://other.example" };

/// A GUID that tells by its first digits what it is.
pub(super) fn guid(kind: u32, number: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

/// A correlation id.
pub(super) const CORRELATION: u32 = 0xcccc_0000;
/// A trace id.
pub(super) const TRACE: u32 = 0x7777_0000;
/// The id in a library's state.
pub(super) const STATE: u32 = 0x5747_0000;
/// A nonce.
pub(super) const NONCE: u32 = 0x0ce0_0000;
/// An authorization code.
pub(super) const CODE: u32 = 0xc0de_0000;
