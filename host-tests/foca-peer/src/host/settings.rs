//! xswim's settings as JSON; those that foca has too become foca's.

use std::{num::NonZero, time::Duration};

use foca::{Config, PeriodicParams};
use serde::Deserialize;

/// What foca has no name for is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    probe_period_ms: u64,
    probe_rtt_ms: u64,
    num_indirect_probes: NonZero<usize>,
    max_transmissions: NonZero<u8>,
    suspect_to_down_after_ms: u64,
    /// Without one, for ever.
    remove_down_after_ms: Option<u64>,
    max_packet_size: NonZero<usize>,
    notify_down_members: bool,
    periodic_announce: Option<Periodic>,
    periodic_announce_to_down_members: Option<Periodic>,
    periodic_gossip: Option<Periodic>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Periodic {
    frequency_ms: u64,
    num_members: NonZero<usize>,
}

impl From<Periodic> for PeriodicParams {
    fn from(periodic: Periodic) -> Self {
        Self {
            frequency: Duration::from_millis(periodic.frequency_ms),
            num_members: periodic.num_members,
        }
    }
}

pub fn config(json: &[u8]) -> Config {
    let settings: Settings = serde_json::from_slice(json).expect("xswim's settings");
    Config {
        probe_period: Duration::from_millis(settings.probe_period_ms),
        probe_rtt: Duration::from_millis(settings.probe_rtt_ms),
        num_indirect_probes: settings.num_indirect_probes,
        max_transmissions: settings.max_transmissions,
        suspect_to_down_after: Duration::from_millis(settings.suspect_to_down_after_ms),
        remove_down_after: settings
            .remove_down_after_ms
            .map_or(Duration::MAX, Duration::from_millis),
        max_packet_size: settings.max_packet_size,
        notify_down_members: settings.notify_down_members,
        periodic_announce: settings.periodic_announce.map(Into::into),
        periodic_announce_to_down_members: settings
            .periodic_announce_to_down_members
            .map(Into::into),
        periodic_gossip: settings.periodic_gossip.map(Into::into),
    }
}
