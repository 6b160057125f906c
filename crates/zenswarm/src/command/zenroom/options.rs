//! The reference interpreter's flags, read as C's `getopt` reads them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

/// What `-h` prints.
pub(super) const HELP: &str = "\
Runs one contract with the reference interpreter's flags.

Usage: zenroom -z [-c CONF] [-a DATA] [-k KEYS] [-x EXTRA] [-l FILE] [SCRIPT]

  -z        run a contract (the only mode here)
  -c CONF   settings, such as debug=1,rngseed=hex:…,logfmt=json,maxiter=dec:…,maxmem=dec:…
  -a FILE   DATA, a JSON file
  -k FILE   KEYS, a JSON file
  -x FILE   EXTRA, a JSON file
  -l FILE   what time it is, as TIME_NOW_OVERRIDE = '1700000000' (no other Lua is taken)
  -h        this text

Without SCRIPT the contract is read from standard input. The output goes to standard output, the log to
standard error; the exit code is 0 or 1.
";

/// The flags of one call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) help: bool,
    pub(super) zencode: bool,
    pub(super) configuration: String,
    pub(super) data: Option<OsString>,
    pub(super) keys: Option<OsString>,
    pub(super) extra: Option<OsString>,
    pub(super) library: Option<OsString>,
    pub(super) script: Option<OsString>,
}

/// Reads the flags.
pub(super) fn parse(arguments: &[OsString]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let octets = argument.as_bytes();
        if octets.starts_with(b"--") {
            let shown = argument.display();
            return Err(format!("Invalid option: long option like '{shown}' are not supported."));
        }
        match octets.strip_prefix(b"-") {
            None | Some([]) => options.script = Some(argument.clone()),
            Some(letters) => read_letters(&mut options, letters, &mut rest)?,
        }
    }
    Ok(options)
}

/// Reads letters behind one dash; a letter that takes a value takes the rest, or the next argument.
fn read_letters<'a>(
    options: &mut Options,
    letters: &[u8],
    rest: &mut impl Iterator<Item = &'a OsString>,
) -> Result<(), String> {
    for (index, letter) in letters.iter().enumerate() {
        match letter {
            b'h' => options.help = true,
            b'z' => options.zencode = true,
            b's' => {}
            b'c' | b'a' | b'k' | b'x' | b'l' => {
                let value = match &letters[index + 1..] {
                    [] => rest.next().cloned(),
                    value => Some(OsString::from_vec(value.to_vec())),
                };
                let missing = || format!("Option -{} requires an argument.", char::from(*letter));
                set(options, *letter, value.ok_or_else(missing)?);
                return Ok(());
            }
            other => return Err(format!("Option -{} is not supported here.", char::from(*other))),
        }
    }
    Ok(())
}

fn set(options: &mut Options, letter: u8, value: OsString) {
    match letter {
        b'c' => options.configuration = OsStr::to_string_lossy(&value).into_owned(),
        b'a' => options.data = Some(value),
        b'k' => options.keys = Some(value),
        b'l' => options.library = Some(value),
        _ => options.extra = Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Options, String> {
        parse(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn flags_and_script_are_read_in_any_order() {
        let expected = Options {
            zencode: true,
            configuration: "debug=1".to_owned(),
            data: Some("d.json".into()),
            script: Some("s.zen".into()),
            ..Options::default()
        };
        assert_eq!(parsed(&["-z", "-a", "d.json", "-cdebug=1", "s.zen"]), Ok(expected));
    }

    #[test]
    fn a_long_option_is_refused() {
        assert!(parsed(&["--zencode"]).is_err());
    }

    #[test]
    fn a_flag_without_its_value_is_refused() {
        assert!(parsed(&["-z", "-a"]).is_err());
    }
}
