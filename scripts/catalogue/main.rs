//! Writes a module to standard output that scripts/pkg bundles: the texts of all entries of the catalogue, by number.
//!
//! They stand there as they are, a line each. gzip makes less of them than of any shorter form that was
//! tried: texts once each with numbers that refer to them, shared beginnings, a dictionary of words.

use std::io::{self, Write as _};

use northbound::catalogue::PLATFORMS;
use northbound::error::catalogue::{GENERAL, Texts};

fn main() -> io::Result<()> {
    io::stdout().write_all(module()?.as_bytes())
}

fn module() -> io::Result<String> {
    let entries = PLATFORMS.iter().flat_map(|(_, entries)| entries.entries());
    let mut texts: Vec<Texts> = entries.map(|entry| entry.texts).collect();
    texts.push(GENERAL);
    let lines: Vec<&str> =
        texts.iter().flat_map(|texts| [texts.message, texts.meaning, texts.remedy]).collect();
    if let Some(line) = lines.iter().find(|line| line.contains(['\n', '\r'])) {
        return Err(io::Error::other(format!(
            "a text of the catalogue has more than one line: {line}"
        )));
    }
    Ok(format!(
        "// What the platforms document about their errors: for each entry, by number, its message, its meaning and its \
         remedy.\n// The last ones are for codes that nobody documents. Made by scripts/pkg.\n\
         export const texts = `{}`\n",
        template(&lines.join("\n")),
    ))
}

/// A text as it stands between the backticks of a template literal.
fn template(text: &str) -> String {
    text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_has_three_lines_for_each_entry_and_for_unknown_codes() {
        let module = module().unwrap();
        let (_, texts) = module.split_once('`').unwrap();
        let entries: usize = PLATFORMS.iter().map(|(_, entries)| entries.entries().count()).sum();
        assert_eq!(texts.lines().count(), 3 * (entries + 1));
        assert!(texts.ends_with(&[GENERAL.remedy, "`\n"].concat()));
    }

    #[test]
    fn what_means_something_in_a_template_literal_is_escaped() {
        assert_eq!(template("a\\b `c` ${d} $e"), "a\\\\b \\`c\\` \\${d} $e");
    }
}
