//! The names that `_entrace` has for recorders, losses and lost ends. Files are kept, so a name is never changed.

use crate::capture::Exporter;
use crate::capture::warnings::EarlyEnd;
use crate::exchange::Loss;

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

/// What has a name in `_entrace`.
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
