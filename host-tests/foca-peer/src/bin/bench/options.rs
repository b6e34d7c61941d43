//! What the command line asks for.

use std::time::Duration;

use crate::sample::Budget;

pub struct Options {
    pub members: Vec<u32>,
    pub codecs: Vec<String>,
    pub budget: Budget,
    /// Print what the node is handed, and time nothing.
    pub datagrams: bool,
}

impl Options {
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut options = Self {
            members: vec![16, 128, 1024, 8192],
            codecs: vec!["bincode".to_string(), "hand".to_string()],
            budget: Budget {
                warm_up: Duration::from_millis(100),
                measured: Duration::from_millis(400),
            },
            datagrams: false,
        };
        while let Some(name) = arguments.next() {
            if name == "--datagrams" {
                options.datagrams = true;
                continue;
            }
            let value = arguments
                .next()
                .unwrap_or_else(|| panic!("{name} needs a value"));
            match name.as_str() {
                "--members" => options.members = value.split(',').map(number).collect(),
                "--codec" => options.codecs = vec![value],
                "--warm-up-ms" => options.budget.warm_up = milliseconds(&value),
                "--budget-ms" => options.budget.measured = milliseconds(&value),
                _ => panic!("unknown option {name}"),
            }
        }
        options
    }

    pub fn has_codec(&self, name: &str) -> bool {
        self.codecs.iter().any(|codec| codec == name)
    }
}

fn number(text: &str) -> u32 {
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

fn milliseconds(text: &str) -> Duration {
    Duration::from_millis(u64::from(number(text)))
}
