//! Many captures: several are read at once, and their outcomes come in the order in which they were named.
//!
//! What is held is bounded by how many are read at once, not by how many there are.

use super::error::CliError;
use super::inputs::Input;
use super::progress;
use super::reading::{self, ReadError};
use crate::capture::{Capture, Options};
use rayon::prelude::*;

/// How many inputs each thread gets before their outcomes are handed over: enough that a large one among small
/// ones does not leave the others idle.
const EACH: usize = 4;

/// An input's captures, each with its name and what was made of it.
type Outcomes<T> = Vec<(String, Result<T, ReadError>)>;

/// Makes something of every capture of the inputs and hands it over, in the order of the inputs.
///
/// # Errors
/// When it cannot be handed over; what comes after is not read then.
pub(super) fn each<T: Send>(
    inputs: &[Input],
    options: &Options,
    make: impl Fn(&Capture) -> T + Sync,
    mut take: impl FnMut(String, Result<T, ReadError>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let progress = progress::of_captures(inputs.len());
    let is_alone = inputs.len() == 1;
    let made = |capture: Capture| {
        let made = make(&capture);
        // To give back every text of a large capture takes longer than to report on it, and the program ends soon.
        if is_alone {
            std::mem::forget(capture);
        }
        made
    };
    let outcomes = |input: &Input| -> Outcomes<T> {
        let outcomes = reading::captures(input, options).into_iter().map(|(path, capture)| (path, capture.map(made))).collect();
        progress.inc(1);
        outcomes
    };
    // One input needs no threads but those that read it.
    let at_once = if is_alone { 1 } else { rayon::current_num_threads() * EACH };
    for inputs in inputs.chunks(at_once) {
        let read: Vec<Outcomes<T>> = match inputs {
            [input] => vec![outcomes(input)],
            _ => inputs.par_iter().map(outcomes).collect(),
        };
        for (path, outcome) in read.into_iter().flatten() {
            take(path, outcome)?;
        }
    }
    progress.finish_and_clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::inputs::{self, InputError};
    use super::*;
    use std::{fs, io};

    #[test]
    fn outcomes_come_in_the_order_of_the_inputs() {
        let folder = tempfile::tempdir().unwrap();
        let entry = r#"{"request":{"method":"GET","url":"https://app.example/"},"response":{"status":200}}"#;
        let mut expected = Vec::new();
        for number in 0..60 {
            // The earlier ones take longer.
            let entries = vec![entry; (60 - number) * 20].join(",");
            let text = if number == 7 { "no capture".to_owned() } else { format!(r#"{{"log":{{"entries":[{entries}]}}}}"#) };
            fs::write(folder.path().join(format!("{number:02}.har")), text).unwrap();
            expected.push((number != 7).then_some((60 - number) * 20));
        }
        let inputs = inputs::inputs(&[folder.path().to_owned()]);
        let mut found = Vec::new();
        each(
            &inputs,
            &Options::default(),
            |capture| capture.entries,
            |_, outcome| {
                found.push(outcome.ok());
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_cannot_be_handed_over_ends_the_reading() {
        let inputs = ["a", "b"].map(|name| Input::Unreadable(name.into(), InputError::NoFile));
        let mut taken = 0;
        let outcome = each(
            &inputs,
            &Options::default(),
            |_| (),
            |_, _| {
                taken += 1;
                Err(io::Error::from(io::ErrorKind::StorageFull).into())
            },
        );
        assert_eq!((outcome.is_err(), taken), (true, 1));
    }
}
