//! Why a statement could not do its work.

/// A fault inside one statement; the run adds the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    /// A check did not hold: a fault in a When, a branch not taken in an If.
    #[error("{0}")]
    Refused(String),
    /// There is no object of that name.
    #[error("Cannot find object: {0}")]
    Missing(String),
    /// There is an object of that name already.
    #[error("Cannot overwrite existing object: {0}")]
    Exists(String),
    /// The input lacks or has it in another form than declared.
    #[error("{0}")]
    Input(String),
    /// Anything else that ends the run.
    #[error("{0}")]
    Failed(String),
    /// A limit was exceeded.
    #[error("{0}")]
    Limit(String),
}

impl Error {
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::Refused(message.into())
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Input(message.into())
    }

    /// What the contract's author can do, where the kind of fault tells.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Missing(name) => Some(format!(
                "declare '{name}' in the Given phase or create it before this line; names are case-sensitive"
            )),
            Self::Exists(name) => {
                Some(format!("rename or remove '{name}' first, or give the new object another name"))
            }
            Self::Limit(_) => Some("the host that runs the contract sets this limit".to_owned()),
            Self::Refused(_) | Self::Input(_) | Self::Failed(_) => None,
        }
    }
}

/// Turns a condition into a check: `Err(Refused)` when it does not hold.
pub(crate) fn ensure(holds: bool, message: impl FnOnce() -> String) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Refused(message())) }
}
