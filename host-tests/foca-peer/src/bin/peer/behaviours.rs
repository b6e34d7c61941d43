//! Plays scenarios on the published foca and prints what happened. Each line
//! is checked: the program stops at the first that no longer holds.

use foca_peer::scenarios;

pub fn run() {
    for (name, play) in scenarios::ALL {
        println!("{name}");
        let mut log = scenarios::Log::default();
        play(&mut log);
        for line in log.lines {
            println!("    {line}");
        }
        println!();
    }
}
