//! How foca behaves, one function a behaviour.

mod broadcasts;
mod down;
mod identity;
mod probing;
mod queue;
mod renewal;
mod replaced;
mod sending;
mod settings;
mod stage;

pub use stage::Log;

/// A scenario's name and its play.
pub type Scenario = (&'static str, fn(&mut Log));

pub const ALL: &[Scenario] = &[
    (
        "a refuted suspicion still earns a TurnUndead",
        down::refuted_suspect_gets_turn_undead,
    ),
    (
        "so does a member whose address has a newer identity",
        down::replaced_suspect_gets_turn_undead,
    ),
    (
        "a forgotten member does not",
        down::forgotten_suspect_gets_nothing,
    ),
    (
        "a suspicion learnt from gossip never ends by itself",
        down::gossiped_suspect_stays,
    ),
    (
        "changing identity voids the deadlines of suspects",
        down::change_of_identity_voids_suspicions,
    ),
    (
        "an inactive sender is answered even by one who is defunct",
        down::defunct_sends_turn_undead,
    ),
    (
        "an older identity of ours becomes a member held Down",
        identity::old_self_is_a_member,
    ),
    (
        "... and is announced to, which comes back to us",
        identity::announces_to_old_self,
    ),
    (
        "TurnUndead leaves a renewed node unconnected",
        identity::turn_undead_leaves_unconnected,
    ),
    (
        "changing identity leaves a node unconnected until it hears something",
        identity::change_leaves_unconnected,
    ),
    (
        "a Down and a TurnUndead in one datagram renew twice",
        identity::renews_twice,
    ),
    (
        "who left and can renew comes back at an echo of its leaving",
        identity::leaver_comes_back,
    ),
    (
        "who left and cannot renew is told again and again",
        identity::defunct_again,
    ),
    (
        "a defunct node still refutes suspicions",
        identity::defunct_refutes,
    ),
    (
        "a reused identity still spreads its own Down",
        identity::reuse_spreads_own_down,
    ),
    (
        "a conflict that nobody wins goes to the latest",
        identity::undecided_conflict,
    ),
    (
        "a malformed tail: updates stand, the message is answered",
        broadcasts::malformed_tail,
    ),
    (
        "IndirectForOurselves hides a malformed tail",
        broadcasts::indirect_hides_tail,
    ),
    (
        "a broadcast that fits no datagram stays for ever",
        broadcasts::too_long_stays,
    ),
    (
        "a string identity in bincode can bring the decoder down",
        sending::huge_string,
    ),
    ("a Feed in a small datagram", sending::feed_capacity),
    (
        "a Feed stops at the first member that does not fit",
        sending::feed_stops,
    ),
    (
        "updates: least sent first, of equals the larger, smaller ones fill the gap",
        sending::order_of_updates,
    ),
    (
        "an answer that does not fit is an Encode error",
        sending::answer_does_not_fit,
    ),
    (
        "gossip with nothing to say is sent all the same",
        sending::empty_gossip,
    ),
    (
        "a suspect that fails another probe gets another deadline, not a longer one",
        probing::second_deadline,
    ),
    (
        "an Ack of a Suspect at its incarnation clears nothing",
        probing::ack_does_not_refute,
    ),
    (
        "an Ack after the middle of the cycle counts",
        probing::late_ack,
    ),
    (
        "a ForwardedAck may name anybody",
        probing::forwarded_ack_names_anybody,
    ),
    (
        "a member that moved on during a failed probe is told that it is Down",
        probing::raised_during_probe,
    ),
    (
        "at the last incarnation even an old suspicion renews",
        identity::old_suspicion_at_the_last_incarnation,
    ),
    (
        "nobody to ask: the middle sends nothing",
        probing::nobody_to_ask,
    ),
    (
        "a lost middle is an error, and the next probe goes out",
        probing::lost_middle,
    ),
    (
        "members that joined at once are not probed twice in a round",
        probing::round_robin,
    ),
    (
        "refuting twice in one datagram gossips twice, raises once",
        identity::refutes_twice,
    ),
    (
        "changed limits: a queued update keeps its transmissions",
        sending::set_config,
    ),
    (
        "changing identity begins the periodic Announce anew",
        renewal::periodic_announce_begins_anew,
    ),
    (
        "a renewal goes one bump at a time, however large the one held Down",
        renewal::renews_into_a_bump_held_down,
    ),
    (
        "updates on a TurnUndead of an active member count, and change no step",
        renewal::turn_undead_with_updates,
    ),
    (
        "updates on a TurnUndead of an inactive one do not",
        renewal::turn_undead_of_inactive_sender,
    ),
    (
        "our address under a larger bump does not renew us and is spread as Down",
        renewal::newer_self_in_gossip,
    ),
    (
        "a renewal may lead into a tombstone that we hold ourselves",
        renewal::renews_into_its_own_tombstone,
    ),
    (
        "who left and reuses its identity is declared Down by its own Ack",
        renewal::reuse_after_leaving,
    ),
    (
        "an update applied without broadcast leaves the older one queued",
        queue::unspread_update_keeps_the_older,
    ),
    (
        "forgetting a Down member leaves its update queued",
        queue::forgetting_keeps_the_update,
    ),
    (
        "a target renewed before the middle: its Ack does not count, nobody is asked",
        replaced::target_replaced,
    ),
    (
        "a target renewed after the middle: a helper's answer still counts",
        replaced::target_replaced_after_the_middle,
    ),
    (
        "a target that is Down or forgotten ends the probe in silence",
        replaced::target_down_or_forgotten,
    ),
    (
        "a target that was forgotten and came back is still the target",
        replaced::target_forgotten_and_back,
    ),
    (
        "a target that others suspected meanwhile gets a deadline",
        replaced::target_suspected_meanwhile,
    ),
    (
        "a helper that renewed is not the one asked",
        replaced::helper_replaced,
    ),
    (
        "a helper held Down is not heard, one that was forgotten is",
        replaced::helper_down,
    ),
    (
        "fewer helpers in the middle of a probe",
        settings::fewer_helpers,
    ),
    (
        "shorter deadlines while one runs",
        settings::shorter_deadlines,
    ),
    (
        "periodic tasks changed while they wait",
        settings::periodic_tasks,
    ),
    (
        "fewer transmissions: each update keeps those it was queued with",
        settings::fewer_transmissions,
    ),
    (
        "smaller datagrams: what no longer fits stays queued",
        settings::smaller_datagrams,
    ),
    (
        "the probe's times cannot be changed",
        settings::probe_times_are_fixed,
    ),
];
