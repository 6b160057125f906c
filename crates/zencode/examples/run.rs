//! Runs a contract from a file, for trying things out: `run SCRIPT [DATA] [KEYS]`, texts or nothing.
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let text = |index: usize| arguments.get(index).cloned().unwrap_or_default();
    let limits = Limits::default();
    let contract = match Contract::compile(&text(1), Library::Language, &limits) {
        Ok(contract) => contract,
        Err(fault) => return println!("ERR {fault}"),
    };
    let settings = Settings { seed: Seed::Reference([0; 64]), now_ms: 0, limits };
    let (data, keys) = (text(2), text(3));
    let run = contract.start(Inputs { extra: "", data: &data, keys: &keys }, settings);
    match run.and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => println!("OK {}", output.json),
        Ok(Step::Ask(request)) => println!("ASK {request:?}"),
        Err(failure) => println!("ERR {failure}"),
    }
}
