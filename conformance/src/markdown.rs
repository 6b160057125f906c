//! The Markdown that generated documents are made of.

/// A text as code; backticks inside make the fence longer.
pub(crate) fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A text for a cell of a table, where a bar would end it.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// A fenced block.
pub(crate) fn block(kind: &str, text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}{kind}\n{}\n{fence}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_does_not_end_a_cell() {
        assert_eq!(cell("a | b"), "a \\| b");
    }

    #[test]
    fn a_block_that_holds_a_fence_has_a_longer_one() {
        assert!(block("zencode", "```\n").starts_with("````zencode\n"));
    }
}
