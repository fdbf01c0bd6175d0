//! The names that `_entrace` has for recorders, losses and lost ends, and `_error` for what a proxy told. Files are kept, so a
//! name is never changed.

use crate::capture::Exporter;
use crate::capture::warnings::EarlyEnd;
use crate::exchange::{Loss, ProxyFailure};

/// A name for every variant, and the variant of every name.
macro_rules! names {
    ($type:ty: $($variant:ident => $name:literal),+ $(,)?) => {
        impl Named for $type {
            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            fn of_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

/// What has a name in what we write.
pub(super) trait Named: Sized {
    /// The name.
    fn name(self) -> &'static str;
    /// What has that name.
    fn of_name(name: &str) -> Option<Self>;
}

names! { Exporter:
    ChromiumDevTools => "chromium-devtools",
    Firefox => "firefox",
    Safari => "safari",
    Playwright => "playwright",
    Mitmproxy => "mitmproxy",
    Charles => "charles",
    Fiddler => "fiddler",
    Burp => "burp",
    SamlTracer => "saml-tracer",
    Insomnia => "insomnia",
    Postman => "postman",
    Polly => "polly",
    WebPageTest => "webpagetest",
    ChromiumNetLog => "chromium-netlog",
    Other => "other",
    Unknown => "unknown",
}

names! { Loss:
    Stripped => "stripped",
    Evicted => "evicted",
    Apart => "apart",
    NotRecorded => "not-recorded",
    Provisional => "provisional",
    Summarised => "summarised",
    TooLarge => "too-large",
    Damaged => "damaged",
    Unknown => "unknown",
}

names! { ProxyFailure:
    NoHost => "proxy: the host name could not be resolved",
    NoConnection => "proxy: no connection to the server",
    NoTls => "proxy: no TLS connection to the server",
    NoResponse => "proxy: the server sent no response",
    ClientLeft => "proxy: the client closed the connection before a response came",
    Stopped => "proxy: the connection was ended in the proxy",
    Untold => "proxy: no response",
}

names! { EarlyEnd:
    CutOff => "cut-off",
    Broken => "broken",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back() {
        assert_eq!(Exporter::of_name(Exporter::ChromiumNetLog.name()), Some(Exporter::ChromiumNetLog));
        assert_eq!(Loss::of_name("not-recorded"), Some(Loss::NotRecorded));
        assert_eq!((Exporter::of_name("Fiddler"), Loss::of_name("")), (None, None));
    }
}
