//! Files that use each other in circles, found in what their `use` declarations and paths name.

use std::collections::{BTreeMap, BTreeSet};

/// A module: the names from the crate down.
type Module = Vec<String>;

/// A path as it is written, and what it is called in the file.
struct Named<'t> {
    path: Vec<&'t str>,
    name: &'t str,
}

/// The groups of files each of which leads to every other one of its group, given their paths below `src` and their code.
/// What lies above or below a file does not count: a module may name its parts, and these may name it.
pub(crate) fn circles(files: &[(String, String)]) -> Vec<BTreeSet<String>> {
    let modules: BTreeMap<Module, &(String, String)> = files.iter().map(|file| (module_of(&file.0), file)).collect();
    let tokens: BTreeMap<&Module, Vec<&str>> = modules.iter().map(|(module, (_, code))| (module, tokens(code))).collect();
    let named: BTreeMap<&Module, Vec<Named<'_>>> = tokens.iter().map(|(module, tokens)| (*module, named(tokens))).collect();
    let longest = |path: &[String]| (0..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]));
    // What a module takes from another one can be had there under its name.
    let mut handed_on: BTreeMap<(&Module, &str), Vec<String>> = BTreeMap::new();
    for (module, named) in &named {
        for one in named {
            if let Some(path) = absolute(module, &one.path, &modules) {
                handed_on.entry((module, one.name)).or_insert(path);
            }
        }
    }
    let file_of = |module: &Module, path: &[&str]| -> Option<Module> {
        let mut path = absolute(module, path, &modules)?;
        // A name may be handed on more than once.
        for _ in 0..5 {
            let length = longest(&path)?;
            let (of, rest) = (path[..length].to_vec(), &path[length..]);
            match rest.first().and_then(|name| handed_on.get(&(&of, name.as_str()))) {
                Some(further) if of != *module && !further.starts_with(&path) => path = further.clone(),
                _ => return Some(of),
            }
        }
        None
    };
    let mut leads_to: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, named) in &named {
        let used = named.iter().filter_map(|one| file_of(module, &one.path));
        let beside = used.filter(|other| !other.starts_with(module) && !module.starts_with(other));
        leads_to.insert(module, beside.collect());
    }
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = leads_to.keys().map(|module| (*module, reached(module, &leads_to))).collect();
    let mut circles = Vec::new();
    let mut seen: BTreeSet<&Module> = BTreeSet::new();
    for (module, from_here) in &reached {
        if from_here.contains(module) && !seen.contains(module) {
            let circle: Vec<&Module> = from_here.iter().copied().filter(|other| reached[other].contains(module)).collect();
            seen.extend(&circle);
            circles.push(circle.into_iter().map(|module| modules[module].0.clone()).collect());
        }
    }
    circles
}

/// Everything that a module leads to, over others too.
fn reached<'m>(from: &Module, leads_to: &'m BTreeMap<&Module, BTreeSet<Module>>) -> BTreeSet<&'m Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = leads_to[from].iter().collect();
    while let Some(module) = open.pop() {
        if reached.insert(module) {
            open.extend(&leads_to[module]);
        }
    }
    reached
}

fn module_of(file: &str) -> Module {
    let path = file.strip_suffix(".rs").unwrap();
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Module::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// A path from the crate down; `None` if it begins with a name that is none of the crate's modules.
fn absolute<T>(module: &Module, path: &[&str], modules: &BTreeMap<Module, T>) -> Option<Vec<String>> {
    let above = path.iter().take_while(|name| **name == "super").count();
    let (base, rest) = match path.first() {
        Some(&"crate") => (Module::new(), &path[1..]),
        Some(&"self") => (module.clone(), &path[1..]),
        Some(&"super") => (module[..module.len().checked_sub(above)?].to_vec(), &path[above..]),
        Some(first) => {
            let child: Module = module.iter().cloned().chain([(*first).to_owned()]).collect();
            modules.contains_key(&child).then(|| (module.clone(), path))?
        }
        None => return None,
    };
    Some(base.into_iter().chain(rest.iter().map(|name| (*name).to_owned())).collect())
}

/// The words of some code, `::`, and every other character by itself.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = if rest.starts_with("::") { 2 } else { word.max(first.len_utf8()) };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Every path of more than one name, those of braced lists each by itself.
fn named<'t>(tokens: &[&'t str]) -> Vec<Named<'t>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        at = if is_word(tokens[at]) { take(tokens, at, &[], &mut found) } else { at + 1 };
    }
    found.retain(|one| one.path.len() > 1);
    found
}

/// Takes the path that begins at a place, or what stands in its braces; where it ends.
fn take<'t>(tokens: &[&'t str], mut at: usize, before: &[&'t str], found: &mut Vec<Named<'t>>) -> usize {
    let token = |at: usize| tokens.get(at).copied().unwrap_or_default();
    let mut path = before.to_vec();
    while is_word(token(at)) {
        // In a list `self` is what stands before it.
        if token(at) != "self" || before.is_empty() {
            path.push(token(at));
        }
        at += 1;
        if token(at) != "::" {
            break;
        }
        at += 1;
        if token(at) == "{" {
            at += 1;
            while at < tokens.len() && token(at) != "}" {
                at = if is_word(token(at)) { take(tokens, at, &path, found) } else { at + 1 };
            }
            return at + 1;
        }
    }
    let mut name = path.last().copied().unwrap_or_default();
    if token(at) == "as" && is_word(token(at + 1)) {
        name = token(at + 1);
        at += 2;
    }
    found.push(Named { path, name });
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}
