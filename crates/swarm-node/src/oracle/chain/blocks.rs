//! restroom-mw's format: `start` names a block, and each block names the `next`.
//!
//! # Source
//! restroom-mw `packages/core`: the order of blocks, one folder for all files, what is refused.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;
use zencode::{Configuration, Diagnostic};

use super::{
    Each, Files, Format, Keys, Plan, STEPS_MAX, Source, Step, Task, parent, piece, place, unreadable, wrong,
};
use crate::oracle::contracts::Secret;
use crate::yaml;

/// The name of an item when the chain gives none.
const INDEX: &str = "myTempElement";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default, rename = "zenchain")]
    _zenchain: Option<IgnoredAny>,
    #[serde(default, rename = "name")]
    _name: Option<IgnoredAny>,
    #[serde(default, rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(default)]
    start: Option<String>,
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    blocks: Option<BTreeMap<String, Spanned<Option<Block>>>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Block {
    zen_file: Option<String>,
    zen_content: Option<String>,
    keys_file: Option<String>,
    conf_file: Option<String>,
    next: Option<String>,
    for_each: Option<String>,
    index: Option<String>,
}

/// Reads a chain of blocks.
pub(super) fn read(text: &str, files: &mut dyn Files) -> Result<Plan, Box<Diagnostic>> {
    let document: Document = yaml::read(text).map_err(|fault| Box::new(unreadable(fault)))?;
    let blocks = document.blocks.unwrap_or_default();
    let order = order(document.start.as_deref(), &blocks).map_err(Box::new)?;
    let mut plan = Plan::new(Format::Blocks);
    plan.debug = match document.mode.as_deref() {
        None => false,
        Some("debug") => true,
        Some(other) => {
            return Err(Box::new(wrong(None, format!("the mode is {other:?}, only `debug` is known"))));
        }
    };
    for (id, line, block) in &order {
        let step = step(id, block, files, &mut plan)
            .map_err(|message| Box::new(wrong(*line, format!("block {id:?}: {message}"))))?;
        plan.push(step);
    }
    let used: BTreeSet<&str> = order.iter().map(|(id, ..)| *id).collect();
    let unused = blocks.keys().filter(|id| !used.contains(id.as_str()));
    plan.warnings.extend(unused.map(|id| format!("block {id:?} comes in no turn: no `next` names it")));
    Ok(plan)
}

type Placed<'a> = (&'a str, Option<usize>, &'a Block);

/// The blocks in the order in which they run.
fn order<'a>(
    start: Option<&'a str>,
    blocks: &'a BTreeMap<String, Spanned<Option<Block>>>,
) -> Result<Vec<Placed<'a>>, Diagnostic> {
    let mut id = start
        .filter(|it| !it.is_empty())
        .ok_or_else(|| wrong(None, "`start` is missing: it names the first block"))?;
    let mut order: Vec<Placed<'a>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut by = "`start`".to_owned();
    let mut line = None;
    loop {
        let found = blocks.get(id).and_then(|block| Some((block, block.value.as_ref()?)));
        let (placed, block) =
            found.ok_or_else(|| wrong(line, format!("{by} names the block {id:?}, which is not there")))?;
        line = usize::try_from(placed.referenced.line()).ok().filter(|line| *line > 0);
        if !seen.insert(id) {
            return Err(wrong(
                line,
                format!("the chain is a loop: block {id:?} comes a second time, by {by}"),
            ));
        }
        order.push((id, line, block));
        if order.len() > STEPS_MAX {
            return Err(wrong(line, format!("the chain has more than {STEPS_MAX} blocks")));
        }
        by = format!("`next` of block {id:?}");
        match block.next.as_deref().filter(|next| !next.is_empty()) {
            Some(next) => id = next,
            None => return Ok(order),
        }
    }
}

fn step(id: &str, block: &Block, files: &mut dyn Files, plan: &mut Plan) -> Result<Step, String> {
    for path in [&block.zen_file, &block.keys_file, &block.conf_file].into_iter().flatten() {
        in_folder(path, files.folder())?;
    }
    let names = ("zenFile", "zenContent");
    let piece = piece(files, plan, block.zen_file.as_deref(), block.zen_content.as_deref(), names)?;
    let keyring = piece.grants.keyring.then(|| files.keyring().clone());
    let own = block.keys_file.as_deref().map(|path| files.keys(path).map_err(|cause| place(path, &cause)));
    let keys = Secret::new(own.transpose()?, keyring.as_ref()).map_err(|cause| cause.text)?;
    let configuration = match &block.conf_file {
        Some(path) => {
            let text = files.text(path).map_err(|cause| place(path, &cause))?;
            Configuration::parse(text.trim()).map_err(|cause| format!("{path}: {cause}"))?
        }
        None => Configuration::default(),
    };
    let index = block.index.clone().unwrap_or_else(|| INDEX.to_owned());
    let task = Task {
        contract: piece.contract,
        data: Source::Flow,
        keys: Keys::Fixed(keys),
        keyring,
        egress: piece.grants.egress,
        limits: piece.grants.limits,
        configuration,
    };
    Ok(Step {
        id: id.to_owned(),
        task,
        each: block.for_each.clone().map(|name| Each { name, index }),
        precondition: None,
        before: None,
        after: None,
        data_transform: None,
        keys_transform: None,
        on_error: None,
    })
}

/// All files of a chain lie in the folder of the chain.
fn in_folder(path: &str, folder: &str) -> Result<(), String> {
    if parent(path) == folder && !path.starts_with('/') {
        return Ok(());
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let expected = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    Err(format!("{path:?} is not in the folder of the chain: {expected:?} would be"))
}
