//! What a node holds of the others, as it was told last.

use std::{collections::HashMap, hash::Hash};

use foca::{Identity, Incarnation, Member, State};

/// What is known of one member; without a state, it was forgotten.
pub type Entry<T> = (T, Incarnation, Option<State>);

struct Told<T> {
    entry: Entry<T>,
    round: u64,
}

pub struct View<T: Identity> {
    /// In foca's order, which rarely changes: the cheap comparison.
    table: Vec<Entry<T>>,
    by_address: HashMap<T::Addr, Told<T>>,
    round: u64,
}

impl<T: Identity> Default for View<T> {
    fn default() -> Self {
        Self {
            table: Vec::new(),
            by_address: HashMap::new(),
            round: 0,
        }
    }
}

fn entry<T: Identity>(member: &Member<T>) -> Entry<T> {
    (
        member.id().clone(),
        member.incarnation(),
        Some(member.state()),
    )
}

impl<T> View<T>
where
    T: Identity,
    T::Addr: Eq + Hash,
{
    /// Tells what is other than before: changes in foca's order, then who was forgotten, in the order of before.
    pub fn compare(&mut self, members: &[&Member<T>], mut tell: impl FnMut(&Entry<T>)) {
        let is_same = |(member, told): (&&Member<T>, &Entry<T>)| {
            member.incarnation() == told.1
                && Some(member.state()) == told.2
                && *member.id() == told.0
        };
        if members.len() == self.table.len() && members.iter().zip(&self.table).all(is_same) {
            return;
        }
        self.round += 1;
        let round = self.round;
        let table: Vec<Entry<T>> = members.iter().copied().map(entry).collect();
        for now in &table {
            let told = self.by_address.entry(now.0.addr()).or_insert_with(|| Told {
                entry: (now.0.clone(), 0, None),
                round,
            });
            told.round = round;
            if told.entry != *now {
                told.entry = now.clone();
                tell(now);
            }
        }
        for (identity, incarnation, _) in &self.table {
            let address = identity.addr();
            if self
                .by_address
                .get(&address)
                .is_some_and(|told| told.round < round)
            {
                self.by_address.remove(&address);
                tell(&(identity.clone(), *incarnation, None));
            }
        }
        self.table = table;
    }
}
