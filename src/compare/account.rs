//! Whose sign-ins the two are: works for a colleague, and not for me.

use super::difference::{Aspect, Difference, Role};
use super::side::Side;
use super::{NotShown, Parting};
use crate::checks::Scene;
use crate::entra::{Account, AccountId, Evidence, Step};
use crate::signin::Attempt;

/// Whether two attempts are for the same account.
pub(super) enum Whose {
    Same,
    /// Nothing tells of one of them, or one by a name and the other by an id.
    Unknown,
    /// Both are told, and one file or both have placeholders in the place of accounts.
    Hidden(NotShown),
    /// With the step at which they part, where the attempts themselves take it.
    Different(Difference, Option<Parting>),
}

/// Whose session an attempt is of, with a step that tells it.
struct Person<'a> {
    step: &'a Step<'a>,
    account: &'a Account,
    shown: Evidence,
    /// Whether the attempt itself tells it, and no earlier one.
    is_own: bool,
}

/// Compares the accounts of the two attempts of these scenes.
pub(super) fn compare(working: (&Side<'_>, &Scene<'_, '_>), failing: (&Side<'_>, &Scene<'_, '_>)) -> Whose {
    let Some((one, other)) = person(working.1).zip(person(failing.1)) else { return Whose::Unknown };
    let why = |side: &Side<'_>| side.is_redacted().then(|| side.why_hidden().to_owned());
    let hidden = NotShown { what: "the account".to_owned(), steps: Vec::new(), working: why(working.0), failing: why(failing.0) };
    if hidden.working.is_some() || hidden.failing.is_some() {
        return Whose::Hidden(hidden);
    }
    match one.account.is_same_as(other.account) {
        None => Whose::Unknown,
        Some(true) => Whose::Same,
        Some(false) => {
            let step = failing.0.asked(other.step);
            let is_own = one.is_own && other.is_own;
            let parting = is_own.then(|| Parting { step: step.clone(), working: Some(one.step.entry), failing: Some(other.step.entry) });
            let difference = Difference {
                aspect: Aspect::Account,
                subject: Some("account"),
                role: Role::Bystander,
                step,
                statement: "The two are for different accounts (each capture numbers its accounts by itself).".to_owned(),
                working: vec![one.shown],
                failing: vec![other.shown],
            };
            Whose::Different(difference, parting)
        }
    }
}

/// Whose the attempt is: of whom it names or whose session it asks for, else of whoever signed in before.
fn person<'a>(scene: &Scene<'a, 'a>) -> Option<Person<'a>> {
    let of_attempt = scene.account().and_then(|account| told_by(scene, scene.attempt, account));
    of_attempt.or_else(|| scene.earlier_sign_in_with_account().and_then(|(attempt, account)| told_by(scene, attempt, account)))
}

fn told_by<'a>(scene: &Scene<'a, 'a>, attempt: &'a Attempt, id: AccountId) -> Option<Person<'a>> {
    let names = scene.names();
    let named = |step: &'a Step<'a>| {
        let name = step.person().filter(|name| names.accounts.find_name(name) == Some(id))?;
        names.person(step).map(|shown| (step, shown)).filter(|_| !name.is_empty())
    };
    let in_token = |step: &'a Step<'a>| names.signed_in(step, id).map(|shown| (step, shown));
    let steps = || attempt.steps(scene.traffic);
    let first = || steps().next().map(|step| (step, names.step(step)));
    let (step, shown) = steps().find_map(named).or_else(|| steps().find_map(in_token)).or_else(first)?;
    Some(Person { step, account: names.accounts.get(id)?, shown, is_own: attempt.id == scene.attempt.id })
}
