//! A capture read, and everything in it checked and diagnosed, against `cat`.

use super::{Aim, Comparison, ENTRACE, Measure, Settings, command};
use crate::generator::{self, Shape};
use crate::processes::{Cores, Way};

pub(crate) const MEASURES: &[Measure] = &[
    Measure { name: "one-core", prepare: |settings| against_cat(settings, 1, Shape::Bodies, settings.megabytes, Aim::AtMost(3.0)) },
    Measure { name: "two-cores", prepare: two_cores },
    Measure { name: "pipe", prepare: pipe },
    Measure { name: "no-bodies", prepare: |settings| against_cat(settings, 1, Shape::NoBodies, settings.at_most(100), Aim::AtMost(5.0)) },
    Measure {
        name: "no-bodies-two-cores",
        prepare: |settings| against_cat(settings, 2, Shape::NoBodies, settings.at_most(100), Aim::AtMost(5.0)),
    },
    Measure { name: "minified", prepare: |settings| against_cat(settings, 1, Shape::Minified, settings.at_most(100), Aim::None) },
    Measure {
        name: "response-first",
        prepare: |settings| against_cat(settings, 1, Shape::ResponseFirst, settings.at_most(100), Aim::None),
    },
    Measure { name: "creator-last", prepare: |settings| against_cat(settings, 1, Shape::CreatorLast, settings.at_most(100), Aim::None) },
    Measure { name: "large-body", prepare: |settings| against_cat(settings, 1, Shape::LargeBody, settings.at_most(250), Aim::None) },
    Measure {
        name: "large-body-first",
        prepare: |settings| against_cat(settings, 1, Shape::LargeBodyFirst, settings.at_most(250), Aim::None),
    },
];

/// On so many cores: `entrace FILE` and `cat FILE >/dev/null`.
fn against_cat(settings: &Settings, cores: usize, shape: Shape, megabytes: u64, aim: Aim) -> Result<Comparison, String> {
    let cores = Cores::first(cores)?;
    let file = generator::file(shape, megabytes).path;
    let (ours, theirs) = (Way::of(&cores, command([ENTRACE], &file)), Way::of(&cores, command(["cat"], &file)));
    Ok(Comparison { ours, theirs, aim, rounds: settings.rounds })
}

/// `entrace FILE` on two cores and on one.
fn two_cores(settings: &Settings) -> Result<Comparison, String> {
    let (one, two) = (Cores::first(1)?, Cores::first(2)?);
    let file = generator::file(Shape::Bodies, settings.megabytes).path;
    let (ours, theirs) = (Way::of(&two, command([ENTRACE], &file)), Way::of(&one, command([ENTRACE], &file)));
    Ok(Comparison { ours, theirs, aim: Aim::AtMost(0.65), rounds: settings.rounds })
}

/// `cat FILE | entrace -` and `cat FILE | cat >/dev/null`, both where the system likes.
fn pipe(settings: &Settings) -> Result<Comparison, String> {
    let file = generator::file(Shape::Bodies, settings.megabytes).path;
    let cat = || Way::of(&Cores::any(), command(["cat"], &file));
    Ok(Comparison { ours: cat().then([ENTRACE, "-"]), theirs: cat().then(["cat"]), aim: Aim::AtMost(1.1), rounds: settings.rounds })
}
