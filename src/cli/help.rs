//! What stands below the options in each help and in the manual: examples first, the exit status last.

/// What `--version` says: what somebody who looks into a report of a bug has to know, and nothing of the machine or the
/// time, so that the same sources give the same program.
pub(super) const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ntarget:   ",
    env!("ENTRACE_TARGET"),
    "\nprofile:  ",
    env!("ENTRACE_PROFILE"),
    "\ncompiler: ",
    env!("ENTRACE_COMPILER"),
    "\nlicence:  ",
    env!("CARGO_PKG_LICENSE"),
);

pub(super) const USAGE: &str = "entrace CAPTURE...\n       entrace <COMMAND> [OPTIONS] ...";

// No line of examples is longer than 80 columns: wrapped, they are no columns any more.
pub(super) const PROGRAM: &str = "Examples:
  entrace login.har                       why did the sign-in fail?
  entrace --format json captures/         a whole folder, for a program
  entrace diagnose --help                 all options
  entrace timeline login.har              who asked whom for what, step by step
  entrace redact login.har -o safe.har    a copy that is safe to attach
  entrace bundle login.har -o ticket.zip  that copy and the reports in one zip
  entrace compare chrome.har safari.har   where the two sign-ins part
  entrace explain AADSTS50058             what a code, cause or message means
  entrace serve                           the same as a page in the browser
  entrace formats                         which files are read
  entrace config                          which defaults hold here

Environment:
  ENTRACE_CONFIG    a file of defaults, instead of any found; empty for none
  ENTRACE_PASSWORD  the password of encrypted archives
  NO_COLOR          no colours in a terminal, unless --color asks for them
  FORCE_HYPERLINK   links where they are not known to work; 0 for none

Exit status: 0 nothing failed, 1 at least one sign-in failed and nothing handled it, 2 wrong usage or a capture that cannot be read.";

pub(super) const DIAGNOSE: &str = "Examples:
  entrace login.har
  entrace --format html --output report.html login.har
  entrace --expect-tenant contoso.example --sign-in-logs signins.json login.har
  entrace --format ndjson 'captures/**/*.har'
  zcat login.har.gz | entrace -

Exit status: 0 nothing failed, 1 at least one sign-in failed and nothing handled it, 2 wrong usage or a capture that cannot be read.";

pub(super) const TIMELINE: &str = "Examples:
  entrace timeline login.har
  entrace timeline --format markdown --output steps.md login.har
  entrace timeline --width 200 login.har > steps.txt

Exit status: 0 nothing failed, 1 at least one sign-in failed and nothing handled it, 2 wrong usage or a capture that cannot be read.";

pub(super) const REDACT_USAGE: &str = "\
entrace redact [OPTIONS] --output <FILE> <CAPTURE>
       entrace redact [OPTIONS] --dry-run <CAPTURE>";

pub(super) const REDACT: &str = "Examples:
  entrace redact login.har --output safe.har
  entrace redact --dry-run login.har
  entrace redact --strict --hide-tenant --receipt receipt.json session.saz --output safe.har

--no-strict, --no-hide-tenant and --no-keep-bodies take back what a file of defaults says.

Exit status: 0 written, or what would be was said, 2 not written: wrong usage, or the capture cannot be read, or a value would have been left, or the diagnosis would have changed.";

pub(super) const BUNDLE: &str = "Examples:
  entrace bundle login.har --output ticket.zip
  entrace bundle --hide-tenant login.har --output ticket/

--no-strict, --no-hide-tenant and --no-keep-bodies take back what a file of defaults says.

Exit status: 0 written, 2 nothing written: wrong usage, or the capture cannot be read or safely redacted, or there is something at the output already.";

pub(super) const COMPARE: &str = "Examples:
  entrace compare chrome.har safari.har
  entrace compare --format html --output difference.html working.har failing.har

Exit status: 0 nothing fails in the failing capture, 1 something does, also where a later sign-in made up for it, 2 wrong usage or a capture that cannot be read.";

pub(super) const EXPLAIN: &str = "Examples:
  entrace explain 50058
  entrace explain third-party-cookies-blocked
  entrace explain 'https://app.example/#error=login_required&error_description=AADSTS50058…'
  pbpaste | entrace explain -

Exit status: 0 explained, 1 nothing is known of it, 2 wrong usage or input that cannot be read.";

pub(super) const SERVE: &str = "Examples:
  entrace serve
  entrace serve --no-open --port 8080

Ctrl-C, or the button on the page, ends it and removes what was dropped. docs/serve.md says how it is protected.

Exit status: 0 ended, 2 wrong usage, or it cannot be served.";

pub(super) const FORMATS: &str = "Examples:
  entrace formats

Exit status: 0 listed, 2 not.";

pub(super) const CONFIG: &str = "Examples:
  entrace config
  entrace config --config team/entrace.toml
  entrace config --no-config > entrace.toml     a file to begin with

Exit status: 0 shown, 2 wrong usage or a file that cannot be used.";

pub(super) const COMPLETIONS: &str = "Examples:
  entrace completions bash > ~/.local/share/bash-completion/completions/entrace
  entrace completions zsh > _entrace          in a folder of $fpath
  entrace completions fish > ~/.config/fish/completions/entrace.fish
  entrace completions powershell >> $PROFILE

Exit status: 0 written, 2 not.";

pub(super) const MAN: &str = "Examples:
  entrace man | man -l -
  entrace man --output ~/.local/share/man/man1

Exit status: 0 written, 2 not.";
