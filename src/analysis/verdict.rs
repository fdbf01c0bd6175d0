//! A capture in one word, and why it does not tell where it does not.

use crate::capture::{Exporter, Warning};
use crate::checks::Record;
use crate::diagnosis::Diagnosis;
use crate::entra::{Endpoint, Step, Traffic, difference};
use crate::signin::{Attempt, ClockOff, Kind, LostReply, Outcome, SignIns};
use std::borrow::Cow;
use std::fmt;

/// All in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// At least one failure that nothing handled.
    Failing,
    /// Failures, all handled.
    Handled,
    /// At least one success, no failure.
    Healthy,
    /// Sign-in traffic whose outcome the capture does not show, and why it does not.
    Inconclusive(Inconclusive),
    /// No sign-in traffic.
    NoEntraTraffic,
}

/// Why a capture does not show how the sign-in went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Inconclusive {
    /// A proxy's capture without decryption.
    ClosedTunnels,
    /// The end is lost, and with it how a sign-in went.
    BreaksOffInSignIn,
    /// The end is lost, and in what is left nothing failed.
    BreaksOff,
    /// Traffic of the sign-in service, but no request that begins a sign-in.
    NoBeginning,
    /// A popup window with a page that nobody answered.
    PopupNotAnswered,
    /// A page that nobody answered.
    PageNotAnswered,
    /// A device code that nobody has confirmed.
    DeviceCodeOpen,
    /// The application was handed a code, and the traffic goes on without showing what it did with it.
    LeftToApplication {
        /// The entry whose reply hands the code over.
        entry: usize,
    },
    /// The reply that would tell is not in the capture.
    ReplyLost {
        /// Which one.
        reply: LostReply,
        /// Which program left it out.
        exporter: Exporter,
    },
    /// The application led on to its own page for signing in, and nothing follows.
    SentBack {
        /// The entry in which it did.
        entry: usize,
    },
    /// The clock of whoever recorded is off for longer than a token lives, and nothing shows whether the application took its token.
    ClockOff {
        /// The entry whose reply brought the token.
        entry: usize,
        /// By how many seconds that clock is ahead of the servers'.
        ahead_s: i64,
    },
    /// The capture ends before the sign-in does.
    EndsBefore,
    /// A log of MSAL, alone, that names no error.
    LogWithoutError,
}

impl Verdict {
    /// The verdict on a capture with traffic.
    pub(super) fn of(diagnoses: &[Diagnosis], sign_ins: &SignIns, traffic: &Traffic<'_>) -> Self {
        if diagnoses.iter().any(|diagnosis| !diagnosis.is_handled()) {
            return Self::Failing;
        }
        if !diagnoses.is_empty() {
            return Self::Handled;
        }
        if sign_ins.attempts.is_empty() && traffic.has_closed_tunnels() {
            return Self::Inconclusive(Inconclusive::ClosedTunnels);
        }
        let any = |outcome: Outcome| sign_ins.attempts.iter().any(|attempt| attempt.outcome == outcome);
        if traffic.capture.warnings.iter().any(Warning::ends_the_reading) {
            let under_way = any(Outcome::Unknown) || any(Outcome::Abandoned);
            return Self::Inconclusive(if under_way { Inconclusive::BreaksOffInSignIn } else { Inconclusive::BreaksOff });
        }
        let receives = |step: &Step<'_>| step.endpoint == Endpoint::AppCallback && step.receives_reply_of_entra();
        if traffic.sign_in_exchanges() == 0 && sign_ins.attempts.is_empty() && !traffic.steps.iter().any(receives) {
            return Self::NoEntraTraffic;
        }
        // What came last counts: an earlier attempt may have been left for it.
        let lost = match any(Outcome::Succeeded) {
            true => lost_beside_success(sign_ins, traffic),
            false => sign_ins.attempts.last().and_then(|attempt| attempt.lost_reply(traffic)),
        };
        if any(Outcome::Succeeded) && lost.is_none() {
            return Self::Healthy;
        }
        Self::Inconclusive(if sign_ins.attempts.is_empty() {
            Inconclusive::NoBeginning
        } else if let Some(ClockOff { entry, ahead_s }) = sign_ins.clock_off {
            Inconclusive::ClockOff { entry, ahead_s }
        } else if let Some(reply) = lost {
            Inconclusive::ReplyLost { reply, exporter: traffic.capture.exporter }
        } else if sign_ins.attempts.iter().any(|attempt| attempt.outcome == Outcome::Abandoned && attempt.kind == Kind::Popup) {
            Inconclusive::PopupNotAnswered
        } else if sign_ins.attempts.iter().any(|attempt| attempt.kind == Kind::DeviceCode && !is_typed_in(attempt, traffic)) {
            Inconclusive::DeviceCodeOpen
        } else if any(Outcome::Abandoned) {
            Inconclusive::PageNotAnswered
        } else if let Some(entry) = sent_back(sign_ins, traffic) {
            Inconclusive::SentBack { entry }
        } else if let Some(entry) = sign_ins.attempts.last().and_then(|attempt| left_to_application(attempt, traffic)) {
            Inconclusive::LeftToApplication { entry }
        } else {
            Inconclusive::EndsBefore
        })
    }

    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Handled => "handled",
            Self::Healthy => "healthy",
            Self::Inconclusive(_) => "inconclusive",
            Self::NoEntraTraffic => "no-entra-traffic",
        }
    }

    /// Why the capture does not tell, where it does not.
    pub fn inconclusive(self) -> Option<Inconclusive> {
        match self {
            Self::Inconclusive(why) => Some(why),
            _ => None,
        }
    }
}

/// Whether somebody typed the device code of an attempt in.
fn is_typed_in(attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
    attempt.steps(traffic).any(|step| !matches!(step.endpoint, Endpoint::DeviceCode | Endpoint::Token))
}

/// The entry that handed an application its code, where no request turns it in although the recording goes on.
fn left_to_application(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    let hands_code = |step: &Step<'_>| step.reply.handover.as_ref().is_some_and(|handover| handover.params.has("code"));
    let (at, handing) = attempt.steps.iter().find_map(|&at| Some((at, traffic.steps.get(at).filter(|step| hands_code(step))?)))?;
    let redeems = attempt.steps.iter().filter(|&&later| later > at).any(|&later| {
        let step = traffic.steps.get(later);
        step.is_some_and(|step| step.endpoint == Endpoint::Token)
    });
    let goes_on = traffic.capture.exchanges.iter().any(|exchange| exchange.entry > handing.entry && exchange.response.status.is_some());
    (goes_on && !redeems).then_some(handing.entry)
}

/// The last reply that would tell how an attempt ended, where the application did not try again: that another sign-in worked, or
/// this one earlier, says nothing of it.
fn lost_beside_success(sign_ins: &SignIns, traffic: &Traffic<'_>) -> Option<LostReply> {
    let attempts = || sign_ins.attempts.iter().rev();
    let (attempt, lost) = attempts().find_map(|attempt| Some((attempt, attempt.lost_reply(traffic)?)))?;
    let is_left_for = |later: &Attempt| attempt.client.is_none() || later.client == attempt.client;
    (!attempts().take_while(|later| later.id > attempt.id).any(is_left_for)).then_some(lost)
}

/// Where the application last led on to its own page for signing in, if that is all that became of it.
fn sent_back(sign_ins: &SignIns, traffic: &Traffic<'_>) -> Option<usize> {
    let last = sign_ins.attempts.last().filter(|attempt| attempt.outcome == Outcome::Unknown)?;
    Some(last.sent_back(traffic)?.entry)
}

impl fmt::Display for Verdict {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Inconclusive {
    /// Why, and what to record instead.
    pub fn sentence(self) -> Cow<'static, str> {
        let sentence = match self {
            Self::ReplyLost { reply: LostReply { entry, answers_password }, exporter } => {
                let missing = match answers_password {
                    true => format!(
                        "A password was posted in entry {entry}, and the body of the reply to it is not in the capture, so it cannot tell \
                         whether the password was taken."
                    ),
                    false => format!(
                        "The body of the reply to entry {entry} is not in the capture, so it cannot tell whether it was a page or an error."
                    ),
                };
                return format!("{missing} {}", Record::bodies(exporter)).into();
            }
            Self::SentBack { entry } => {
                return format!(
                    "Entra ID signed the person in, and the application answered the reply in entry {entry} by leading on to its own page \
                     for signing in. Whether it refused the person there or let them in is not in the capture. Keep recording until the \
                     application has shown more, read what that page says, and look into the application's own log at that time."
                )
                .into();
            }
            Self::ClockOff { entry, ahead_s } => {
                let apart = difference(ahead_s.unsigned_abs());
                let direction = if ahead_s > 0 { "ahead of" } else { "behind" };
                return format!(
                    "The clock of the computer that recorded is {apart} {direction} the servers' clocks. Tokens came in entry {entry}, \
                     their own times are not in the capture, and nothing shows that the application used them: by that clock they may \
                     have been out of date when they came, and then an application refuses them. Set the clock by a time server (with the \
                     right time zone), or record with response bodies, until the application has called its API."
                )
                .into();
            }
            Self::ClosedTunnels => {
                "The recorder saw only closed tunnels to the sign-in service: HTTPS was not decrypted. Turn it on (in Fiddler: Tools > \
                 Options > HTTPS > Decrypt HTTPS traffic; in Charles: Proxy > SSL Proxying Settings), then record again."
            }
            Self::BreaksOffInSignIn => {
                "The file breaks off while a sign-in is under way, so it cannot tell whether that one failed. Export it again, or send \
                 the whole file."
            }
            Self::BreaksOff => {
                "The file breaks off: nothing failed up to there, and what came after is not in it. Export it again, or send the whole \
                 file."
            }
            Self::NoBeginning => {
                "The capture has traffic of the sign-in service but no request that begins a sign-in. Record from before the sign-in \
                 begins, with Preserve log on."
            }
            Self::PopupNotAnswered => {
                "A sign-in page was shown in a popup window, and nobody answered it before the capture ended: the person may have \
                 closed the window (MSAL then says user_cancelled). Keep recording until the sign-in has failed or worked, and record \
                 the window's own traffic too."
            }
            Self::PageNotAnswered => {
                "A sign-in page was shown and nobody answered it before the capture ended. Keep recording until the sign-in has failed \
                 or worked."
            }
            Self::DeviceCodeOpen => {
                "A device code was given out, and the capture does not show that anybody has confirmed it. Keep recording until the \
                 program has its token or gives up; the sign-in itself happens in a browser, perhaps on another device."
            }
            Self::LeftToApplication { entry } => {
                return format!(
                    "The application was handed its code in entry {entry}, and what it did with it is not in this recording. Where the \
                     application's page turns its codes in, keep recording until it has; where its server or program does, record that \
                     one's traffic too, or look into its own log."
                )
                .into();
            }
            Self::EndsBefore => "The capture ends before the sign-in does. Keep recording until the sign-in has failed or worked.",
            Self::LogWithoutError => {
                "The log of MSAL names no error. That tells nothing of sign-ins that worked, because they leave no line that says so. \
                 Record a HAR of the sign-in, from before it begins; docs/capturing.md says how."
            }
        };
        sentence.into()
    }
}
