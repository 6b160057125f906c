//! Requests to a database that speaks SQL.

/// One request to a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlRequest {
    /// The address, as the contract gave it, with its password: `postgres://…` or `sqlite://…`.
    pub url: String,
    /// What to do.
    pub action: SqlAction,
}

/// What is asked of a database; each action is a transaction of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlAction {
    /// One statement; gives its rows as an array of objects.
    Execute {
        /// The statement. Parameters are never written into it.
        statement: String,
        /// What is bound to its placeholders.
        parameters: SqlParameters,
    },
    /// The JSON in the column `result` of one row.
    ReadRecord {
        /// The table.
        table: String,
        /// What is in the row's column `id`.
        id: String,
    },
    /// A new row with JSON in its column `result`, in a table that is made when it does not exist.
    Save {
        /// The table.
        table: String,
        /// The JSON text.
        record: String,
    },
}

/// What is bound to the placeholders of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlParameters {
    /// To `?` in order, or to `$1`, `$2` …
    Positional(Vec<SqlValue>),
    /// To `:name`.
    Named(Vec<(String, SqlValue)>),
}

/// A value that is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlValue {
    /// `NULL`.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A number, as it is written in JSON.
    Number(String),
    /// A text; arrays and objects are bound as their JSON text.
    Text(String),
}

impl SqlRequest {
    /// The server, or the file of an SQLite database, for a log.
    pub(super) fn target(&self) -> String {
        match self.url.strip_prefix("sqlite:") {
            Some(path) => {
                format!("sqlite {}", path.trim_start_matches("//").split('?').next().unwrap_or_default())
            }
            None => super::origin(&self.url),
        }
    }
}

impl SqlAction {
    /// Whether the database may be another one afterwards. Only the database knows what a statement does.
    pub fn writes(&self) -> bool {
        !matches!(self, Self::ReadRecord { .. })
    }
}
